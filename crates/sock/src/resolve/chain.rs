//! Following aliases: from the name asked to the records wanted, through CNAME records within an answer and, where it
//! leaves the answer, by asking again. At most [`HOPS_MAX`] aliases, so that a circle ends. Source: RFC 1034 section 3.6.2.

use super::client::{Answer, Client};
use super::message::{A, AAAA, Data, DomainName, NXDOMAIN, PTR, Question};
use crate::error::Result;
use crate::name::Reason;

/// How many aliases a name may have, one after another.
const HOPS_MAX: usize = 16;

/// What a lookup of one type of record found.
#[derive(Debug)]
pub(super) struct Found {
    /// The name that has the records.
    pub(super) canonical: DomainName,
    /// The name asked and the aliases on the way.
    pub(super) aliases: Vec<DomainName>,
    /// The records; never empty.
    pub(super) data: Vec<Data>,
}

type Outcome = std::result::Result<Found, Reason>;

impl Client {
    /// Looks up records of several types of one name, all at once; an outcome for each type.
    pub(super) fn look_up(&self, name: &DomainName, kinds: &[u16]) -> Result<Vec<Outcome>> {
        let mut trails: Vec<_> = kinds
            .iter()
            .map(|kind| Trail {
                question: Question { name: name.clone(), kind: *kind },
                aliases: Vec::new(),
                end: None,
            })
            .collect();
        loop {
            let mut open: Vec<_> = trails.iter_mut().filter(|trail| trail.end.is_none()).collect();
            if open.is_empty() {
                break;
            }
            let questions: Vec<_> = open.iter().map(|trail| trail.question.clone()).collect();
            for (trail, answer) in open.iter_mut().zip(self.ask(&questions)?) {
                match answer {
                    Ok(answer) => trail.follow(&answer),
                    Err(troubles) => trail.end = Some(Err(Reason::NoAnswer(troubles))),
                }
            }
        }
        Ok(trails.into_iter().filter_map(|trail| trail.end).collect())
    }
}

/// The way from one name to its records.
struct Trail {
    /// The name that is looked for now.
    question: Question,
    aliases: Vec<DomainName>,
    end: Option<Outcome>,
}

impl Trail {
    /// Goes as far as an answer leads; without an end, the name reached is to be asked for.
    fn follow(&mut self, answer: &Answer) {
        let asked = self.aliases.len();
        loop {
            let name = &self.question.name;
            let own = || answer.records.iter().filter(|record| record.owner == *name);
            let kind = self.question.kind;
            let data: Vec<_> =
                own().filter(|record| is_of(&record.data, kind)).map(|record| record.data.clone()).collect();
            if !data.is_empty() {
                let (canonical, aliases) = (name.clone(), std::mem::take(&mut self.aliases));
                self.end = Some(Ok(Found { canonical, aliases, data }));
                return;
            }
            let target = own().find_map(|record| match &record.data {
                Data::Cname(target) => Some(target.clone()),
                _ => None,
            });
            let Some(target) = target else { break };
            self.aliases.push(std::mem::replace(&mut self.question.name, target));
            if self.aliases.len() > HOPS_MAX {
                self.end = Some(Err(Reason::EndlessAliases(answer.server)));
                return;
            }
        }
        let moved = self.aliases.len() > asked;
        // A start of authority says that the chain was followed and has no such record: RFC 2308 section 2.2.
        let is_last_word = answer.records.iter().any(|record| record.data == Data::Soa);
        if answer.code == NXDOMAIN {
            self.end = Some(Err(Reason::NoSuchName(answer.server)));
        } else if !moved || is_last_word {
            self.end = Some(Err(Reason::NoData(answer.server)));
        }
    }
}

const fn is_of(data: &Data, kind: u16) -> bool {
    match data {
        Data::A(_) => kind == A,
        Data::Aaaa(_) => kind == AAAA,
        Data::Ptr(_) => kind == PTR,
        Data::Cname(_) | Data::Soa | Data::Other => false,
    }
}
