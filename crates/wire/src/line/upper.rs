//! What an IP header, or a header behind one, hands on to: the words of what it carries, or its number and length.

use super::{Cut, Line, Told, is_v6};
use crate::field::Space;
use crate::number::ip_protocol;
use crate::packet::{Layer, MOST_LAYERS, Packet};
use crate::stack::{self, Id};

impl Line<'_> {
    /// Writes what IPv4 or an authentication header carries, whose number the header says: extension headers of IPv6 have no
    /// words there.
    ///
    /// # Errors
    ///
    /// The captured bytes run out in it, and the line ends there.
    pub fn transport(&mut self, packet: &Packet<'_>, index: usize, number: u8) -> Told {
        match packet.layers.get(index) {
            Some(layer) if ip_protocol::is_extension(number) => {
                self.number_and_len(packet, layer, number);
                Ok(())
            }
            _ => self.upper(packet, index, number),
        }
    }

    /// Writes what IPv6 or an extension header carries, whose number the header says.
    ///
    /// # Errors
    ///
    /// The captured bytes run out in it, and the line ends there.
    pub fn upper(&mut self, packet: &Packet<'_>, index: usize, number: u8) -> Told {
        match packet.layers.get(index) {
            // A header that is longer than the payload of IPv6 says.
            Some(layer) if is_v6(packet, index + 1) && packet.room(index) < layer.payload - layer.start => {
                Err(Cut("ip6"))
            }
            Some(layer) => self.upper_of(packet, index, *layer, number),
            None => Ok(()),
        }
    }

    /// Writes what a layer of IP carries as if the layer were this one.
    pub(crate) fn upper_of(&mut self, packet: &Packet<'_>, index: usize, layer: Layer, number: u8) -> Told {
        let is_v6 = is_v6(packet, index + 1);
        let misplaced = match number {
            ip_protocol::NO_NEXT => {
                self.text("no next header");
                return Ok(());
            }
            ip_protocol::ICMP if is_v6 => Some("[ICMP requires IPv4]"),
            ip_protocol::IGMP if is_v6 => Some("[IGMP requires IPv4]"),
            ip_protocol::ICMPV6 if !is_v6 => Some("[ICMPv6 requires IPv6]"),
            ip_protocol::ETHERNET if !is_v6 => Some("[Ethernet requires IPv6]"),
            _ => None,
        };
        if let Some(words) = misplaced {
            self.text(words);
            self.invalid();
            return Ok(());
        }
        with_layer(packet, index, layer, |packet| {
            // MPLS in IP, RFC 4023, is told by us alone.
            let is_told = number != ip_protocol::MPLS || self.style.own;
            if is_told && self.tells(packet, index + 1) {
                return self.layer(packet, index + 1);
            }
            self.number_and_len(packet, &layer, number);
            Ok(())
        })
    }

    /// Writes what is said of a protocol that has no words.
    fn number_and_len(&mut self, packet: &Packet<'_>, layer: &Layer, number: u8) {
        match number {
            ip_protocol::SUN_ND => self.text(" nd"),
            number => self.ip_protocol(number),
        }
        self.text(" ");
        self.len(packet.payload_len(layer));
    }

    /// Tells whether the words of what a layer of IP carries begin with who speaks to whom.
    #[must_use]
    pub fn begins_with_ends(&self, packet: &Packet<'_>, index: usize, number: u8) -> bool {
        let next = stack::upper(Space::IpProtocol, number.into()).map(Id::protocol);
        next.is_some_and(|next| next.has_ports && (next.tells)(self.style, packet, index + 1))
    }

    /// Writes the number of an IP protocol: its name, where names are known.
    pub fn ip_protocol(&mut self, number: u8) {
        match ip_protocol::keyword(number) {
            Some(keyword) if self.names.names_protocols() => {
                self.text(" ");
                self.text(keyword);
            }
            _ => {
                self.text(" ip-proto-");
                self.dec(number);
            }
        }
    }
}

/// Gives a function the packet with one of its layers as it is given.
fn with_layer<R>(packet: &Packet<'_>, index: usize, layer: Layer, told: impl FnOnce(&Packet<'_>) -> R) -> R {
    let mut layers = [layer; MOST_LAYERS];
    match layers.get_mut(..packet.layers.len()) {
        Some(room) if packet.layers.get(index) != Some(&layer) => room.copy_from_slice(packet.layers),
        _ => return told(packet),
    }
    if let Some(place) = layers.get_mut(index) {
        *place = layer;
    }
    told(&Packet { layers: layers.get(..packet.layers.len()).unwrap_or_default(), ..*packet })
}
