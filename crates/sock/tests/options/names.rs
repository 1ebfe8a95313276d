//! Completeness: every name that the libc crate has for these levels is a row, or stands here with the reason why not.

use std::collections::BTreeSet;

use jackfield_sock::option;

use super::common::{constants_of_linux, libc_source};

const PREFIXES: &[&str] = &["SO_", "IP_", "IPV6_", "TCP_", "UDP_", "PACKET_"];

/// Names that are no options to be set or read, by reason.
const NO_OPTIONS: &[(&str, &[&str])] = &[
    (
        "value of IP_MTU_DISCOVER",
        &[
            "IP_PMTUDISC_DONT",
            "IP_PMTUDISC_WANT",
            "IP_PMTUDISC_DO",
            "IP_PMTUDISC_PROBE",
            "IP_PMTUDISC_INTERFACE",
            "IP_PMTUDISC_OMIT",
        ],
    ),
    (
        "value of IPV6_MTU_DISCOVER",
        &[
            "IPV6_PMTUDISC_DONT",
            "IPV6_PMTUDISC_WANT",
            "IPV6_PMTUDISC_DO",
            "IPV6_PMTUDISC_PROBE",
            "IPV6_PMTUDISC_INTERFACE",
            "IPV6_PMTUDISC_OMIT",
        ],
    ),
    (
        "value of IPV6_ADDR_PREFERENCES",
        &[
            "IPV6_PREFER_SRC_TMP",
            "IPV6_PREFER_SRC_PUBLIC",
            "IPV6_PREFER_SRC_PUBTMP_DEFAULT",
            "IPV6_PREFER_SRC_COA",
            "IPV6_PREFER_SRC_HOME",
            "IPV6_PREFER_SRC_CGA",
            "IPV6_PREFER_SRC_NONCGA",
        ],
    ),
    (
        "default of IP_MULTICAST_TTL and IP_MULTICAST_LOOP",
        &["IP_DEFAULT_MULTICAST_TTL", "IP_DEFAULT_MULTICAST_LOOP"],
    ),
    ("mask of flow information", &["IPV6_FLOWINFO_FLOWLABEL", "IPV6_FLOWINFO_PRIORITY"]),
    (
        "control message, which no kernel takes as an option",
        &["IPV6_HOPLIMIT", "IPV6_NEXTHOP", "PACKET_TX_TIMESTAMP"],
    ),
    ("control message (SCM_DEVMEM_…)", &["SO_DEVMEM_DMABUF", "SO_DEVMEM_LINEAR"]),
    (
        "reserved, but in no kernel: ENOPROTOOPT",
        &[
            "IPV6_AUTHHDR",
            "PACKET_RECV_OUTPUT",
            "SO_SECURITY_AUTHENTICATION",
            "SO_SECURITY_ENCRYPTION_TRANSPORT",
            "SO_SECURITY_ENCRYPTION_NETWORK",
        ],
    ),
    ("gone since Linux 3.10", &["TCP_COOKIE_TRANSACTIONS"]),
    ("length of a field of TCP_MD5SIG", &["TCP_MD5SIG_MAXKEYLEN"]),
    (
        "another name of SO_RCVTIMEO, SO_SNDTIMEO, SO_TIMESTAMP… on 64-bit machines",
        &[
            "SO_RCVTIMEO_OLD",
            "SO_SNDTIMEO_OLD",
            "SO_TIMESTAMP_OLD",
            "SO_TIMESTAMPNS_OLD",
            "SO_TIMESTAMPING_OLD",
        ],
    ),
    (
        "value of ee_origin in struct sock_extended_err",
        &[
            "SO_EE_ORIGIN_NONE",
            "SO_EE_ORIGIN_LOCAL",
            "SO_EE_ORIGIN_ICMP",
            "SO_EE_ORIGIN_ICMP6",
            "SO_EE_ORIGIN_TXSTATUS",
            "SO_EE_ORIGIN_TIMESTAMPING",
        ],
    ),
    (
        "option of SOL_CAN_J1939: of the CAN bus, which passes by number",
        &["SO_J1939_FILTER", "SO_J1939_PROMISC", "SO_J1939_SEND_PRIO", "SO_J1939_ERRQUEUE"],
    ),
    (
        "to whom a packet was sent (sll_pkttype)",
        &[
            "PACKET_HOST",
            "PACKET_BROADCAST",
            "PACKET_MULTICAST",
            "PACKET_OTHERHOST",
            "PACKET_OUTGOING",
            "PACKET_LOOPBACK",
            "PACKET_USER",
            "PACKET_KERNEL",
        ],
    ),
    (
        "value of PACKET_FANOUT",
        &[
            "PACKET_FANOUT_HASH",
            "PACKET_FANOUT_LB",
            "PACKET_FANOUT_CPU",
            "PACKET_FANOUT_ROLLOVER",
            "PACKET_FANOUT_RND",
            "PACKET_FANOUT_QM",
            "PACKET_FANOUT_CBPF",
            "PACKET_FANOUT_EBPF",
            "PACKET_FANOUT_FLAG_ROLLOVER",
            "PACKET_FANOUT_FLAG_UNIQUEID",
            "PACKET_FANOUT_FLAG_IGNORE_OUTGOING",
            "PACKET_FANOUT_FLAG_DEFRAG",
        ],
    ),
    (
        "value of PACKET_ADD_MEMBERSHIP",
        &["PACKET_MR_MULTICAST", "PACKET_MR_PROMISC", "PACKET_MR_ALLMULTI", "PACKET_MR_UNICAST"],
    ),
];

#[test]
fn every_name_of_libc_is_a_row_or_has_a_reason() {
    let Some(source) = libc_source() else { return };
    let names: BTreeSet<String> =
        constants_of_linux(&source, PREFIXES).into_iter().map(|(name, _)| name).collect();
    assert!(names.len() > 200, "only {} names found in {}", names.len(), source.display());
    let rows: BTreeSet<&str> =
        option::all().flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied())).collect();
    let reasons: BTreeSet<&str> = NO_OPTIONS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !rows.contains(name.as_str()) && !reasons.contains(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "neither a row nor a reason: {missing:?}");
    let stale: Vec<_> = reasons.iter().filter(|name| !names.contains(**name)).collect();
    assert!(stale.is_empty(), "a reason for what libc does not have: {stale:?}");
    let doubled: Vec<_> = reasons.intersection(&rows).collect();
    assert!(doubled.is_empty(), "both a row and a reason: {doubled:?}");
}
