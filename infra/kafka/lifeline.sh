# Runs a command for as long as its parent lives. A JVM does not notice that its parent is gone; the end of a pipe does.
# In: the command, a pipe as stdin that ends with the parent. Out: the command's process id on descriptor 3, its exit code.
# Must never end before the command, and never leave it behind.
exec 4<&0 </dev/null
"$@" 3>&- 4<&- &
command=$!
echo "$command" >&3
exec 3>&-
# killed, not asked: a command that was stopped by SIGSTOP hears nothing else, and a killed Kafka loses nothing
(
  read -r _ <&4
  kill -KILL "$command"
) >/dev/null 2>&1 &
watcher=$!
exec 4<&-
wait "$command"
code=$?
kill -KILL "$watcher"
exit "$code"
