# Runs a command on a terminal of its own and types: a "hello", then the end of input (Ctrl-D). Says afterwards whether
# the terminal's flags are as they were. Usage: pty.py blocking|nonblocking COMMAND…; the command's standard output and
# error stay as they are.
import fcntl
import os
import pty
import subprocess
import sys

master, slave = pty.openpty()
flags = fcntl.fcntl(slave, fcntl.F_GETFL)
if sys.argv[1] == "nonblocking":
    flags |= os.O_NONBLOCK
    fcntl.fcntl(slave, fcntl.F_SETFL, flags)
child = subprocess.Popen(sys.argv[2:], stdin=slave)
os.write(master, b"hello\n\x04")
code = child.wait()
after = fcntl.fcntl(slave, fcntl.F_GETFL)
print("flags are as before" if after == flags else f"flags were {flags:o}, are {after:o}", file=sys.stderr)
sys.exit(code)
