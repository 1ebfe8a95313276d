//! Options in words: `NAME=VALUE`, as a command line gives them.
//!
//! Names and values are checked when parsed, before there is a socket; the kernel has its say when they are applied.

use std::fmt;
use std::os::fd::AsFd;
use std::str::FromStr;

use sys::{Errno, link};

use super::find::{UnknownName, by_name, level_by_name, level_name};
use super::kind::{self, At, Get, NewDescriptor, Program, Set, Words};
use super::text::{self, Encoded};
use super::{Kind, Opt, Privilege};
use crate::{Error, Result, Socket};

/// An option and its value, as words said them.
///
/// `NAME=VALUE`; `NAME` alone for 1 or for an option without a value; `LEVEL:NUMBER=VALUE` for an option that has no
/// row, where VALUE is an integer or `hex:…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    target: Target,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Known(&'static Opt),
    Number { level: i32, number: i32 },
}

/// Why a setting is none, or was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetError {
    /// The name leads to no option or to several.
    Name(UnknownName),
    /// `LEVEL:NUMBER` names no level or no number.
    Number(String),
    /// The value is none that the option takes.
    Value {
        /// The option.
        option: String,
        /// What was given, if anything.
        text: Option<String>,
        /// What may be given, in words.
        allowed: String,
    },
    /// The option can only be read.
    ReadOnly(&'static str),
    /// The value names an interface that does not exist.
    Interface {
        /// The option.
        option: String,
        /// The interface.
        name: String,
        /// What the kernel said.
        errno: Errno,
    },
    /// The kernel said no.
    Refused {
        /// The option.
        option: String,
        /// The value.
        text: String,
        /// What it said.
        error: Error,
        /// What would have granted it.
        privilege: Option<Box<Privilege>>,
    },
}

impl Setting {
    /// Names the option: its name, or `LEVEL:NUMBER`.
    #[must_use]
    pub fn name(&self) -> String {
        match self.target {
            Target::Known(row) => row.name.to_owned(),
            Target::Number { level, number } => match level_name(level) {
                Some(name) => format!("{name}:{number}"),
                None => format!("{level}:{number}"),
            },
        }
    }

    /// Returns the option's row, if it has one.
    #[must_use]
    pub const fn option(&self) -> Option<&'static Opt> {
        match self.target {
            Target::Known(row) => Some(row),
            Target::Number { .. } => None,
        }
    }

    /// Sets the option on a socket. One call, after one ioctl(2) when the value names an interface.
    ///
    /// # Errors
    /// [`SetError::Refused`], [`SetError::Interface`].
    pub fn apply(&self, socket: &Socket) -> std::result::Result<(), SetError> {
        match self.target {
            Target::Known(row) => row.set_text(socket, &self.text),
            Target::Number { level, number } => {
                let bytes = text::number_or_hex(&self.text).ok_or_else(|| self.raw_value_error())?;
                socket.setsockopt_bytes(level, number, &bytes).map_err(|error| SetError::Refused {
                    option: self.name(),
                    text: self.text.clone(),
                    error,
                    privilege: None,
                })
            }
        }
    }

    fn raw_value_error(&self) -> SetError {
        SetError::Value {
            option: self.name(),
            text: (!self.text.is_empty()).then(|| self.text.clone()),
            allowed: "an integer, or bytes as hex:…".to_owned(),
        }
    }
}

impl FromStr for Setting {
    type Err = SetError;

    fn from_str(words: &str) -> std::result::Result<Self, SetError> {
        let (name, value) = words.split_once('=').map_or((words, None), |(name, value)| (name, Some(value)));
        if let Some((level, number)) = name.split_once(':') {
            let bad = || SetError::Number(name.to_owned());
            let level = text::integer(level).or_else(|| level_by_name(level)).ok_or_else(bad)?;
            let number = text::integer(number).ok_or_else(bad)?;
            let target = Target::Number { level, number };
            let setting = Self { target, text: value.unwrap_or_default().to_owned() };
            return match text::number_or_hex(&setting.text) {
                Some(_) => Ok(setting),
                None => Err(setting.raw_value_error()),
            };
        }
        let row = by_name(name).map_err(SetError::Name)?;
        if !row.access.can_set() {
            return Err(SetError::ReadOnly(row.name));
        }
        let text = match (value, row.kind) {
            (Some(value), _) => value,
            (None, Kind::Bool) => "1",
            (None, Kind::Nothing) => "",
            (None, _) => return Err(row.value_error(None)),
        };
        // No socket yet: any interface may exist.
        row.encode(text, |_| Ok(0))?;
        Ok(Self { target: Target::Known(row), text: text.to_owned() })
    }
}

impl Opt {
    /// Sets the option to a value in words. One call, after one ioctl(2) when the value names an interface.
    ///
    /// # Errors
    /// [`SetError::Value`] with what is allowed, [`SetError::Interface`], [`SetError::Refused`].
    pub fn set_text(&self, socket: &Socket, text: &str) -> std::result::Result<(), SetError> {
        let encoded = self.encode(text, |name| link::index_of(socket.as_fd(), name.as_bytes()))?;
        let at = At { level: self.level, number: self.number, room: self.room };
        let done = match encoded {
            Encoded::Bytes(bytes) if self.kind == Kind::Query => kind::exchange(socket, at, &bytes).map(drop),
            Encoded::Bytes(bytes) => socket.setsockopt_bytes(self.level, self.number, &bytes),
            Encoded::Program(program) => <Program as Set>::set(socket, at, &program),
        };
        done.map_err(|error| SetError::Refused {
            option: self.name.to_owned(),
            text: text.to_owned(),
            privilege: self.privilege.filter(|_| error.is_permission()).map(Box::new),
            error,
        })
    }

    /// Reads the option and writes its value in the words that [`Opt::set_text`] takes. One call.
    ///
    /// # Errors
    /// What the kernel says: `ENOPROTOOPT` for an option that can only be written.
    pub fn get_text(&self, socket: &Socket) -> Result<String> {
        let at = At { level: self.level, number: self.number, room: self.room };
        Ok(match self.kind {
            Kind::Program => text::program(&Program::get(socket, at)?),
            // The descriptor is closed again: its number is all that words can say.
            Kind::NewDescriptor => match NewDescriptor::get(socket, at)? {
                Some(fd) => std::os::fd::AsRawFd::as_raw_fd(&fd).to_string(),
                None => String::new(),
            },
            Kind::Words => self.show(&Words::read(socket, at)?),
            Kind::Address => self.show(&kind::Address::read(socket, at)?),
            Kind::Query | Kind::IntQuery => self.show(&kind::ask(socket, at, &[0; 4])?),
            _ => self.show(&kind::read(socket, at, self.default_room())?),
        })
    }

    fn encode(
        &self,
        text: &str,
        index_of: impl Fn(&str) -> std::result::Result<u32, Errno>,
    ) -> std::result::Result<Encoded, SetError> {
        let missing = std::cell::Cell::new(None);
        let resolve = |name: &str| match index_of(name) {
            Ok(index) => Some(index),
            Err(errno) => {
                missing.set(Some((name.to_owned(), errno)));
                None
            }
        };
        text::encode(self, text, &resolve).ok_or_else(|| match missing.take() {
            Some((name, errno)) => SetError::Interface { option: self.name.to_owned(), name, errno },
            None => self.value_error(Some(text)),
        })
    }

    fn value_error(&self, text: Option<&str>) -> SetError {
        SetError::Value {
            option: self.name.to_owned(),
            text: text.map(str::to_owned),
            allowed: text::allowed(self),
        }
    }
}

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(unknown) => unknown.fmt(f),
            Self::Number(text) => write!(
                f,
                "socket option \"{}\": LEVEL:NUMBER takes a level such as SOL_TCP or 6, and a number",
                text.escape_debug()
            ),
            Self::Value { option, text: Some(text), allowed } => {
                write!(
                    f,
                    "socket option {option}: \"{}\" is no value; it takes {allowed}",
                    text.escape_debug()
                )
            }
            Self::Value { option, text: None, allowed } => {
                write!(f, "socket option {option} needs a value: {allowed}")
            }
            Self::ReadOnly(option) => write!(f, "socket option {option} can only be read"),
            Self::Interface { option, name, errno } => {
                write!(f, "socket option {option}: interface \"{}\": {errno}", name.escape_debug())
            }
            Self::Refused { option, text, error, privilege } => {
                // The option was named, and its call is the one that there is.
                write!(f, "socket option {option}={}: {}", text.escape_debug(), error.cause())?;
                match privilege {
                    Some(privilege) => {
                        write!(f, "; it takes {} {}", privilege.names(), privilege.when)
                    }
                    None => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for SetError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_said_before_there_is_a_socket() {
        let said = |words: &str| words.parse::<Setting>().unwrap_err().to_string();
        assert_eq!(
            said("broadcast=maybe"),
            "socket option SO_BROADCAST: \"maybe\" is no value; it takes 1, on, yes, true, 0, off, no or false"
        );
        assert_eq!(said("SO_TYPE=1"), "socket option SO_TYPE can only be read");
        assert_eq!(said("ttl"), "socket option IP_TTL needs a value: an integer, in decimal or as 0x…");
        assert!(
            said("IP_MTU_DISCOVER=perhaps").ends_with("or one of dont, want, do, probe, interface, omit")
        );
        assert!(said("6:x=1").contains("LEVEL:NUMBER takes a level such as SOL_TCP or 6"));
        assert!(said("SOL_TCP:1=one").contains("it takes an integer, or bytes as hex:…"));
        assert!(said("").starts_with("no socket option is called \"\""));
    }

    #[test]
    fn words_become_settings() {
        let name = |words: &str| words.parse::<Setting>().unwrap().name();
        assert_eq!(name("broadcast"), "SO_BROADCAST");
        assert_eq!(name("sol_tcp:0x1=1"), "SOL_TCP:1");
        assert_eq!(name("4242:7=hex:00ff"), "4242:7");
        assert_eq!(name("SO_BINDTODEVICE=eth0"), "SO_BINDTODEVICE");
        assert_eq!(name("IP_ADD_MEMBERSHIP=224.0.0.251%nosuchif"), "IP_ADD_MEMBERSHIP");
    }
}
