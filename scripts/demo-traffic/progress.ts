// Shows how far a longer step is: one line that is rewritten on a terminal, a line per fifth elsewhere.

export interface Progress {
  readonly update: (done: number, total: number) => void;
  readonly end: (sentence: string) => void;
}

export function createProgress(stream: NodeJS.WriteStream, label: string): Progress {
  let fifth = -1;
  let written = 0;
  return {
    update(done, total) {
      const share = total === 0 ? 1 : done / total;
      if (stream.isTTY) {
        const now = performance.now();
        if (now - written < 100 && share < 1) return;
        written = now;
        stream.write(`\r${label} ${Math.floor(100 * share)} % `);
      } else if (Math.floor(5 * share) > fifth) {
        fifth = Math.floor(5 * share);
        stream.write(`${label} ${20 * fifth} %\n`);
      }
    },
    end(sentence) {
      stream.write(stream.isTTY ? `\r${sentence}\u001b[K\n` : `${sentence}\n`);
    },
  };
}
