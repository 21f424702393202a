-- Says more exactly what the day of a fall is.

ALTER TABLE {{database}}.drift_looks{{on_cluster}}
    COMMENT COLUMN since 'With fallen: the likeliest day of the step, among the days since the evidence last left zero.';
