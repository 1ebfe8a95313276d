//! Which protocol a number means, as the user says: `tcp.port=8080:http`.
//!
//! tshark's spelling of the same, `tcp.port==8080,http`, is taken too.

use core::fmt;

use wire::{Dissector, Id, Space, stack};

/// The spaces that can be told, by the names of Wireshark's fields.
const SPACES: &[(&str, Space)] = &[
    ("tcp.port", Space::TcpPort),
    ("udp.port", Space::UdpPort),
    ("ethertype", Space::EtherType),
    ("ip.proto", Space::IpProtocol),
];

/// A number that means a protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeAs {
    /// Of which kind the number is.
    pub space: Space,
    /// The number.
    pub number: u32,
    /// What it means.
    pub id: Id,
}

/// Says what is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// It does not have the form.
    Form,
    /// No numbers are called so.
    Space(String),
    /// It is no number, or too large.
    Number(String),
    /// No protocol is called so.
    Protocol(String),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("a rule is like tcp.port=8080:http"),
            Self::Space(name) => {
                let known: Vec<&str> = SPACES.iter().map(|(name, _)| *name).collect();
                write!(f, "'{name}' has no numbers that mean protocols: {} have", known.join(", "))
            }
            Self::Number(text) => write!(f, "'{text}' is no number of this kind"),
            Self::Protocol(name) => write!(f, "no protocol is called '{name}'"),
        }
    }
}

impl std::error::Error for DecodeError {}

impl DecodeAs {
    /// Reads a rule.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(rule: &str) -> Result<Self, DecodeError> {
        let (left, id) = match rule.split_once("==") {
            Some((left, right)) => (left, right.split_once(',')),
            None => rule
                .split_once('=')
                .map(|(left, right)| (left, right.split_once(':')))
                .ok_or(DecodeError::Form)?,
        };
        let (number, name) = id.ok_or(DecodeError::Form)?;
        let shown = |text: &str| text.escape_debug().to_string();
        let space = SPACES.iter().find(|(name, _)| *name == left);
        let (_, space) = space.ok_or_else(|| DecodeError::Space(shown(left)))?;
        let parsed = match number.strip_prefix("0x") {
            Some(digits) => u16::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let most = if *space == Space::IpProtocol { u16::from(u8::MAX) } else { u16::MAX };
        let number = parsed.ok().filter(|number| *number <= most);
        let number = number.ok_or_else(|| DecodeError::Number(shown(id.map_or("", |(number, _)| number))))?;
        let id = stack::named(name).ok_or_else(|| DecodeError::Protocol(shown(name)))?;
        Ok(Self { space: *space, number: number.into(), id })
    }

    /// Tells a dissector.
    pub(crate) fn tell(rules: &[Self], dissector: &mut Dissector) {
        for Self { space, number, id } in rules {
            dissector.decode_as(*space, *number, *id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_in_both_spellings() {
        let dns = DecodeAs { space: Space::TcpPort, number: 8053, id: Id::Dns };
        assert_eq!(DecodeAs::parse("tcp.port=8053:dns"), Ok(dns));
        assert_eq!(DecodeAs::parse("tcp.port==8053,dns"), Ok(dns));
        let arp = DecodeAs { space: Space::EtherType, number: 0x88b5, id: Id::Arp };
        assert_eq!(DecodeAs::parse("ethertype=0x88b5:arp"), Ok(arp));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (rule, wrong) in [
            ("tcp.port", DecodeError::Form),
            ("tcp.port=8053", DecodeError::Form),
            ("tcp.prt=1:dns", DecodeError::Space("tcp.prt".into())),
            ("tcp.port=65536:dns", DecodeError::Number("65536".into())),
            ("ip.proto=256:dns", DecodeError::Number("256".into())),
            ("udp.port=1:\u{1b}", DecodeError::Protocol("\\u{1b}".into())),
        ] {
            assert_eq!(DecodeAs::parse(rule), Err(wrong), "{rule}");
        }
    }
}
