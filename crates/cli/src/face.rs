//! The faces of the command: its jobs, and the dialects of the tools it stands for.

/// A job or a dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Face {
    Connect,
    Listen,
    Relay,
    Resolve,
    Base64,
    Hex,
    Explain,
    Doctor,
    Tour,
    Gen,
    /// OpenBSD's nc, as Debian has it.
    Nc,
    /// GNU's base64.
    GnuBase64,
    /// GNU's base32.
    GnuBase32,
    /// GNU's basenc.
    Basenc,
    /// xxd, as Vim has it.
    Xxd,
}

impl Face {
    /// Lists every face.
    pub(crate) const ALL: &[Self] = &[
        Self::Connect,
        Self::Listen,
        Self::Relay,
        Self::Resolve,
        Self::Base64,
        Self::Hex,
        Self::Explain,
        Self::Doctor,
        Self::Tour,
        Self::Gen,
        Self::Nc,
        Self::GnuBase64,
        Self::GnuBase32,
        Self::Basenc,
        Self::Xxd,
    ];

    /// Returns the word that is typed.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Listen => "listen",
            Self::Relay => "relay",
            Self::Resolve => "resolve",
            Self::Base64 | Self::GnuBase64 => "base64",
            Self::GnuBase32 => "base32",
            Self::Basenc => "basenc",
            Self::Xxd => "xxd",
            Self::Hex => "hex",
            Self::Explain => "explain",
            Self::Doctor => "doctor",
            Self::Tour => "tour",
            Self::Gen => "gen",
            Self::Nc => "nc",
        }
    }

    /// Tells whether it is a job of `jack`, not a dialect.
    pub(crate) const fn is_job(self) -> bool {
        !matches!(self, Self::Nc | Self::GnuBase64 | Self::GnuBase32 | Self::Basenc | Self::Xxd)
    }

    /// Finds the job of a name.
    pub(crate) fn job(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|face| face.is_job() && face.name() == name)
    }

    /// Tells whether there is a tool whose dialect does the work of this job.
    pub(crate) const fn has_dialects(self) -> bool {
        matches!(self, Self::Connect | Self::Listen | Self::Base64 | Self::Hex)
    }

    /// Tells whether a dialect does the work of this job.
    pub(crate) const fn speaks(self, dialect: Self) -> bool {
        match self {
            Self::Connect | Self::Listen => matches!(dialect, Self::Nc),
            Self::Base64 => matches!(dialect, Self::GnuBase64 | Self::GnuBase32 | Self::Basenc),
            Self::Hex => matches!(dialect, Self::Xxd),
            _ => false,
        }
    }

    /// Finds the dialect of a name: that of the tool, and for nc what Debian calls it.
    pub(crate) fn dialect(name: &str) -> Option<Self> {
        match name {
            "nc" | "netcat" | "nc.openbsd" => Some(Self::Nc),
            "base64" => Some(Self::GnuBase64),
            "base32" => Some(Self::GnuBase32),
            "basenc" => Some(Self::Basenc),
            "xxd" => Some(Self::Xxd),
            _ => None,
        }
    }

    /// Says in one line what it does.
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Connect => "Connect and talk: standard input to the peer, its answer back",
            Self::Listen => "Wait for a peer, or for many, and talk",
            Self::Relay => "Join two endpoints both ways",
            Self::Resolve => "Look up names and addresses, every step visible",
            Self::Explain => "Explain a call, an error, an idea, or a command before it runs",
            Self::Doctor => "Say what this machine allows each job, and how to allow the rest",
            Self::Tour => "Watch conversations happen, call by call, on this machine alone",
            Self::Gen => "Print the manual page or shell completions",
            Self::Base64 => "Bytes as base64, base32, base16, base58 … and back",
            Self::Hex => "Bytes as a hex dump, as digits, arrays or values, and back from any dump",
            Self::Nc => "OpenBSD's nc: arbitrary TCP and UDP connections and listens",
            Self::GnuBase64 => "GNU's base64: FILE, or standard input, as base64 to standard output",
            Self::GnuBase32 => "GNU's base32: FILE, or standard input, as base32 to standard output",
            Self::Basenc => "GNU's basenc: FILE, or standard input, in an alphabet to standard output",
            Self::Xxd => "xxd: a hex dump of infile, or standard input, and back",
        }
    }

    /// Shows how it is typed, one form a line.
    pub(crate) const fn usage(self) -> &'static [&'static str] {
        match self {
            Self::Connect => &["jack connect [OPTIONS] HOST PORT", "jack connect [OPTIONS] ENDPOINT"],
            Self::Listen => &["jack listen [OPTIONS] [HOST] PORT", "jack listen [OPTIONS] ENDPOINT"],
            Self::Relay => &["jack relay [OPTIONS] ENDPOINT ENDPOINT"],
            Self::Resolve => &["jack resolve [OPTIONS] NAME|ADDRESS…"],
            Self::Explain => &["jack explain [--json] [TOPIC]", "jack explain [--json] -- COMMAND…"],
            Self::Doctor => &["jack doctor [--json]"],
            Self::Tour => &["jack tour [--no-pause]"],
            Self::Gen => &["jack gen man [JOB]", "jack gen completions SHELL"],
            Self::Base64 => &["jack base64 [OPTIONS] [FILE]"],
            Self::Hex => &["jack hex [OPTIONS] [FILE [OUTFILE]]", "jack hex --pack FORMAT [VALUE…]"],
            Self::Nc => &["nc [OPTIONS] [destination] [port]"],
            Self::GnuBase64 => &["base64 [OPTION]... [FILE]"],
            Self::GnuBase32 => &["base32 [OPTION]... [FILE]"],
            Self::Basenc => &["basenc [OPTION]... [FILE]"],
            Self::Xxd => &["xxd [OPTIONS] [infile [outfile]]"],
        }
    }

    /// Examples for `--help`: a command and what it does.
    pub(crate) const fn examples(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Connect => &[
                ("echo hello | jack connect localhost 7000", "send a line, print the answer"),
                ("jack connect --trace localhost 7000", "the same, with every socket call shown"),
                ("jack connect -z localhost 20-30", "which of these ports are open?"),
                (
                    "jack connect udp://127.0.0.1:53 --data hex:00ff --show hex",
                    "a datagram, its answer as a dump",
                ),
                ("jack connect unix:/run/app.sock", "a Unix stream socket"),
                ("jack connect --retry 20 --interval 500ms localhost 5432", "wait until a server is there"),
            ],
            Self::Listen => &[
                ("jack listen 7000", "wait for one peer and talk"),
                ("echo 'I got your message' | jack listen -l -p 54321", "as fingers know it from nc"),
                ("jack listen -k --reply echo 7000", "give each of many clients its first words back"),
                ("jack listen -u 2222", "datagrams, from any number of peers"),
                ("jack listen --trace 80", "see why ports below 1024 are refused, and the fix"),
            ],
            Self::Relay => &[
                ("jack relay -k listen:tcp://:8080 localhost:80", "a port on this machine for one elsewhere"),
                (
                    "jack relay listen:unix:/tmp/db.sock tcp://localhost:5432",
                    "a Unix socket for a TCP server",
                ),
                ("jack relay - udp://127.0.0.1:53", "the same as connect, spelled out"),
            ],
            Self::Resolve => &[
                ("jack resolve localhost", "gethostbyname and getaddrinfo, whole"),
                ("jack resolve 127.0.0.1", "gethostbyaddr"),
                ("jack resolve --trace --dns-server 127.0.0.1:5353 example.test", "every query, seen"),
            ],
            Self::Explain => &[
                ("jack explain", "the list of topics"),
                ("jack explain time wait", "one screen about it"),
                ("jack explain ECONNREFUSED", "what an error means and what to do"),
                ("jack explain SO_LINGER", "a socket option, and the chapter on it"),
                ("jack explain json", "what --json writes; also endpoint, data, exit"),
                ("jack explain -- listen 80", "what this would do, and whether this process may"),
                ("jack explain -- nc -l -p 2222", "the same for a command of another tool"),
            ],
            Self::Doctor => &[("jack doctor", "what works here, what does not, and the fix")],
            Self::Tour => &[("jack tour", "watch"), ("jack tour --no-pause", "all at once")],
            Self::Gen => &[
                ("jack gen man > jack.1", "the manual page, all jobs in one"),
                ("jack gen man connect | man -l -", "the page of one job, at once"),
                ("source <(jack gen completions bash)", "completions, in this shell"),
                ("jack gen completions fish > ~/.config/fish/completions/jack.fish", "completions, to stay"),
            ],
            Self::Base64 => &[
                ("jack base64 photo.png > photo.b64", "a file in lines of 76 characters, as base64 does"),
                ("echo aGVsbG8K | jack base64 -d", "and back"),
                (
                    "jack base64 -d --strict token.txt",
                    "RFC 4648 to the letter; a fault is told with line and column",
                ),
                (
                    "jack base64 --alphabet base58 --data hex:00ff",
                    "another alphabet, bytes from the command line",
                ),
                ("jack base64 -di mail.eml --output photo.png", "what is not of the alphabet is dropped"),
            ],
            Self::Hex => &[
                (
                    "jack hex photo.png | head",
                    "a dump as xxd writes it; --style hexdump, od, box, plain are others",
                ),
                ("jack hex -s -64 -l 32 photo.png", "32 bytes from the 64th before the end"),
                ("jack hex -r dump.txt program", "patch a file at the offsets of a dump, as xxd -r does"),
                (
                    "jack hex --undump capture.txt packet",
                    "bytes from any tool's dump; a fault is told with its line",
                ),
                ("jack hex --array rust --name KEY key.bin", "an array for a source file"),
                (
                    "jack hex --pack '!HH4s' 80 443 text:jack | jack hex",
                    "values as bytes, as Python's struct packs them",
                ),
                ("jack hex --unpack '!HH' --data hex:005001bb", "and bytes as values"),
            ],
            Self::Nc | Self::GnuBase64 | Self::GnuBase32 | Self::Basenc | Self::Xxd => &[],
        }
    }
}
