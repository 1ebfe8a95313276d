//! The tools of the interop matrix: how each is started as a client and as a server, and how it says that it is ready.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{JACK, Running, listening_place, port_of, python};

/// A tool that talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    Jack,
    Nc,
    Ncat,
    Socat,
    Python,
    Bash,
}

/// How bytes travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Net {
    Tcp4,
    Tcp6,
    Unix,
    UnixAbstract,
    UnixSeqpacket,
    Udp4,
    Udp6,
    UnixDatagram,
}

impl Net {
    pub(crate) const fn is_datagram(self) -> bool {
        matches!(self, Self::Udp4 | Self::Udp6 | Self::UnixDatagram)
    }
}

/// How a client behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Sends its input and receives.
    Talks,
    /// Receives and does not look at its input, where the tool has a way to say that.
    Listens,
}

/// Where a server waits.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// A host, a path, or `@name`.
    pub(crate) host: String,
    /// The port; empty for Unix sockets.
    pub(crate) port: String,
}

impl Tool {
    pub(crate) const ALL: [Self; 6] =
        [Self::Jack, Self::Nc, Self::Ncat, Self::Socat, Self::Python, Self::Bash];

    /// The program's name.
    pub(crate) const fn program(self) -> &'static str {
        match self {
            Self::Jack => "jack",
            Self::Nc => "nc",
            Self::Ncat => "ncat",
            Self::Socat => "socat",
            Self::Python => "python3",
            Self::Bash => "bash",
        }
    }

    /// Why this tool cannot be a server on such a net; `None` where it can.
    pub(crate) const fn no_server(self, net: Net) -> Option<&'static str> {
        match (self, net) {
            (Self::Bash, _) => Some("bash's /dev/tcp and /dev/udp only connect"),
            (Self::Socat, Net::UnixDatagram) => {
                Some("socat's UNIX-RECVFROM takes one datagram and UNIX-RECV cannot answer")
            }
            _ => self.no_client(net),
        }
    }

    /// Why this tool, as a server, cuts its own answer short when the client ends first; `None` where it does not.
    pub(crate) const fn cuts_itself_short(self) -> Option<&'static str> {
        match self {
            Self::Nc | Self::Ncat => {
                Some("as servers they leave at the client's FIN, whatever they still had to send")
            }
            _ => None,
        }
    }

    /// Why this tool cannot be a client on such a net; `None` where it can.
    pub(crate) const fn no_client(self, net: Net) -> Option<&'static str> {
        match (self, net) {
            (Self::Bash, Net::Tcp4 | Net::Tcp6 | Net::Udp4 | Net::Udp6) => None,
            (Self::Bash, _) => Some("bash has no Unix sockets"),
            (Self::Ncat, Net::UnixAbstract) => Some("ncat takes @name for a path"),
            (Self::Nc | Self::Ncat, Net::UnixSeqpacket) => Some("nc and ncat have no sequenced packets"),
            _ => None,
        }
    }

    /// Starts a server; returns it when it waits at a place of its own.
    pub(crate) fn serve(
        self,
        net: Net,
        name: &str,
        mut prepare: impl FnMut(&mut Command),
    ) -> Result<(Running, Place), String> {
        for _ in 0..20 {
            let place = match net {
                Net::Tcp4 | Net::Udp4 => Place { host: "127.0.0.1".into(), port: self.first_port() },
                Net::Tcp6 | Net::Udp6 => Place { host: "::1".into(), port: self.first_port() },
                _ => Place { host: name.into(), port: String::new() },
            };
            let mut command = self.server(net, &place);
            prepare(&mut command);
            let mut running = Running::start(&mut command);
            let port = running.hear(|line| self.ready(line))?;
            match port {
                Ready::At(port) if place.port == "0" => {
                    return Ok((running, Place { host: place.host, port }));
                }
                Ready::At(_) => return Ok((running, place)),
                // Somebody else was faster: another free port.
                Ready::Taken => {}
            }
        }
        Err(format!("{} found no free port in 20 attempts", self.program()))
    }

    /// Port 0; for ncat, which does not say what that became, one that was free a moment ago.
    fn first_port(self) -> String {
        #[expect(clippy::disallowed_types, reason = "a port that is free, found without our own code")]
        let free = || std::net::TcpListener::bind("127.0.0.1:0")?.local_addr();
        match self {
            Self::Ncat => free().unwrap().port().to_string(),
            _ => "0".to_owned(),
        }
    }

    fn server(self, net: Net, Place { host, port }: &Place) -> Command {
        let mut command = self.command();
        match (self, net) {
            (Self::Jack, Net::Tcp4 | Net::Tcp6) => command.args(["listen", "-v", host, port]),
            (Self::Jack, Net::Udp4 | Net::Udp6) => command.args(["listen", "-v", "-u", host, port]),
            (Self::Jack, Net::UnixDatagram) => command.args(["listen", "-v", "-u", "-U", host]),
            (Self::Jack, Net::UnixSeqpacket) => {
                command.args(["listen", "-v", &format!("unix-seqpacket:{host}")])
            }
            (Self::Jack, _) => command.args(["listen", "-v", "-U", host]),
            (Self::Nc, Net::Tcp4) => command.args(["-l", "-N", "-v", "-n", host, port]),
            (Self::Nc, Net::Tcp6) => command.args(["-6", "-l", "-N", "-v", "-n", host, port]),
            (Self::Nc, Net::Udp4) => command.args(["-u", "-l", "-v", "-n", host, port]),
            (Self::Nc, Net::Udp6) => command.args(["-6", "-u", "-l", "-v", "-n", host, port]),
            (Self::Nc, Net::UnixDatagram) => command.args(["-u", "-l", "-v", "-U", host]),
            (Self::Nc, _) => command.args(["-l", "-N", "-v", "-U", host]),
            (Self::Ncat, Net::Tcp4 | Net::Tcp6) => command.args(["-l", "-v", host, port]),
            (Self::Ncat, Net::Udp4 | Net::Udp6) => command.args(["-u", "-l", "-v", host, port]),
            (Self::Ncat, Net::UnixDatagram) => command.args(["-u", "-l", "-v", "-U", host]),
            (Self::Ncat, _) => command.args(["-l", "-v", "-U", host]),
            // Its buffer of 8 KiB would cut longer packets.
            (Self::Socat, net) => {
                command.args(["-d", "-d", "-b65536", "-t20", "-", &socat_server(net, host, port)])
            }
            (Self::Python, net) => command.arg("server").args(python_words(net, host, port)),
            (Self::Bash, _) => &mut command,
        };
        command
    }

    /// Makes the command of a client.
    pub(crate) fn client(self, net: Net, manner: Manner, Place { host, port }: &Place) -> Command {
        let listens = manner == Manner::Listens;
        let mut command = self.command();
        match (self, net) {
            (Self::Jack, Net::Tcp4 | Net::Tcp6) => command.args(["connect", "-v", host, port]),
            (Self::Jack, Net::Udp4 | Net::Udp6) => command.args(["connect", "-v", "-u", host, port]),
            (Self::Jack, Net::UnixDatagram) => command.args(["connect", "-v", "-u", "-U", host]),
            (Self::Jack, Net::UnixSeqpacket) => {
                command.args(["connect", "-v", &format!("unix-seqpacket:{host}")])
            }
            (Self::Jack, _) => command.args(["connect", "-v", "-U", host]),
            (Self::Nc, Net::Tcp4 | Net::Tcp6) => {
                command.args([if listens { "-d" } else { "-N" }, "-n", host, port])
            }
            (Self::Nc, Net::Udp4 | Net::Udp6) => command.args(["-u", "-q", "0", "-n", host, port]),
            (Self::Nc, Net::UnixDatagram) => command.args(["-u", "-q", "0", "-U", host]),
            (Self::Nc, _) => command.args([if listens { "-d" } else { "-N" }, "-U", host]),
            (Self::Ncat, net) => {
                if listens {
                    command.arg("--recv-only");
                }
                match net {
                    Net::Tcp4 | Net::Tcp6 => command.args([host, port]),
                    Net::Udp4 | Net::Udp6 => command.args(["-u", host, port]),
                    Net::UnixDatagram => command.args(["-u", "-U", host]),
                    _ => command.args(["-U", host]),
                }
            }
            (Self::Socat, net) => {
                let address = socat_client(net, host, port);
                match manner {
                    Manner::Listens => command.args(["-b65536", "-u", &address, "-"]),
                    // Datagrams have no end: it need not wait for the other one.
                    Manner::Talks if net.is_datagram() => command.args(["-t0.2", "-", &address]),
                    Manner::Talks => command.args(["-b65536", "-t20", "-", &address]),
                }
            }
            (Self::Python, net) => {
                command.arg("client").args(python_words(net, host, port));
                command.args(listens.then_some("recv"))
            }
            (Self::Bash, net) => {
                let script = match (net.is_datagram(), listens) {
                    (true, _) => {
                        "exec 3<>/dev/udp/$0/$1; cat <&3 2>/dev/null & cat >&3; exec 3>&-; kill $!; wait $! 2>/dev/null; true"
                    }
                    (false, true) => "exec 3<>/dev/tcp/$0/$1; exec cat <&3",
                    // What it received ends with our FIN: then it closes, for it cannot do so by halves.
                    (false, false) => "exec 3<>/dev/tcp/$0/$1; cat <&3 & cat >&3; wait; exec 3>&-",
                };
                command.args(["-c", script, host, port])
            }
        };
        command
    }

    fn command(self) -> Command {
        let mut command = match self {
            Self::Jack => Command::new(JACK),
            Self::Python => {
                let mut command = Command::new(python());
                // Isolated: nothing of the user's, nothing of the site's.
                command.args(["-I", "-S", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/common/peer.py")]);
                command
            }
            tool => Command::new(tool.program()),
        };
        command.stdin(Stdio::null());
        command
    }

    /// Reads from a line of a server that it is ready, and at which port.
    fn ready(self, line: &str) -> Option<Ready> {
        let at = |port: &str| Some(Ready::At(port.to_owned()));
        match self {
            Self::Jack => {
                let place = listening_place(line)?;
                at(&if place.contains(':') { port_of(&place) } else { String::new() })
            }
            // Listening on 127.0.0.1 PORT; a datagram server is only bound.
            Self::Nc => {
                let place = line.strip_prefix("Listening on ").or_else(|| line.strip_prefix("Bound on "))?;
                // A Unix stream server is bound first and listens then.
                let only_bound =
                    line.starts_with("Bound") && !place.contains(' ') && !place.ends_with(".dgram");
                if only_bound { None } else { at(place.rsplit(' ').next()?) }
            }
            Self::Ncat if line.starts_with("Ncat: Listening on ") => at(""),
            Self::Ncat if line.contains("Address already in use") => Some(Ready::Taken),
            Self::Socat => at(line.split_once(" N listening on ")?.1.rsplit(':').next()?),
            Self::Python => at(line.strip_prefix("listening ")?),
            Self::Ncat | Self::Bash => None,
        }
    }
}

enum Ready {
    At(String),
    Taken,
}

fn socat_server(net: Net, host: &str, port: &str) -> String {
    match net {
        Net::Tcp4 => format!("TCP4-LISTEN:{port},bind={host}"),
        Net::Tcp6 => format!("TCP6-LISTEN:{port},bind=[{host}]"),
        Net::Udp4 => format!("UDP4-LISTEN:{port},bind={host}"),
        Net::Udp6 => format!("UDP6-LISTEN:{port},bind=[{host}]"),
        Net::UnixAbstract => format!("ABSTRACT-LISTEN:{}", host.trim_start_matches('@')),
        Net::UnixSeqpacket => format!("UNIX-LISTEN:{host},type=5"),
        Net::Unix | Net::UnixDatagram => format!("UNIX-LISTEN:{host}"),
    }
}

fn socat_client(net: Net, host: &str, port: &str) -> String {
    match net {
        Net::Tcp4 => format!("TCP4:{host}:{port}"),
        Net::Tcp6 => format!("TCP6:[{host}]:{port}"),
        Net::Udp4 => format!("UDP4:{host}:{port}"),
        Net::Udp6 => format!("UDP6:[{host}]:{port}"),
        Net::UnixAbstract => format!("ABSTRACT-CONNECT:{}", host.trim_start_matches('@')),
        Net::UnixSeqpacket => format!("UNIX-CONNECT:{host},type=5"),
        Net::UnixDatagram => format!("UNIX-SENDTO:{host},bind={host}.socat"),
        Net::Unix => format!("UNIX-CONNECT:{host}"),
    }
}

fn python_words(net: Net, host: &str, port: &str) -> [String; 3] {
    let family = match net {
        Net::Tcp4 => "tcp4",
        Net::Tcp6 => "tcp6",
        Net::Udp4 => "udp4",
        Net::Udp6 => "udp6",
        Net::Unix | Net::UnixAbstract => "unix",
        Net::UnixSeqpacket => "unix-seqpacket",
        Net::UnixDatagram => "unix-dgram",
    };
    let port = if port.is_empty() { "0" } else { port };
    [family.into(), host.into(), port.into()]
}

/// A name for a Unix socket in a folder, other than all before it.
pub(crate) fn fresh_name(folder: &Path, net: Net) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    match net {
        Net::UnixAbstract => format!("@jack-test-{}-{number}", std::process::id()),
        Net::UnixDatagram => folder.join(format!("{number}.dgram")).display().to_string(),
        _ => folder.join(format!("{number}.sock")).display().to_string(),
    }
}
