//! Which cards does an open snapshot hold, number by number?

use crate::bytes::{Packed, Records, Slice};
use crate::snapshot::{Kind, Section, Snapshot};
use crate::{Code, Error, ExpertCard, Result};

/// The records of a snapshot of cards; they are in ascending order of ids.
#[derive(Default)]
pub struct StoredCards {
    ids: Slice,
    heads: Slice,
    texts: Slice,
    len: usize,
}

impl StoredCards {
    /// Views the records; a snapshot of anything else is refused.
    pub fn of(snapshot: &Snapshot) -> Result<Self> {
        let kind = snapshot.header().kind;
        if kind != Kind::Cards {
            return Err(Error::new(Code::SnapshotFormat, "the snapshot holds something else")
                .expected("cards")
                .got(kind.told())
                .help("name one that `skillmesh build` wrote without `--shards`"));
        }
        Ok(StoredCards {
            ids: snapshot.section(Section::Ids),
            heads: snapshot.section(Section::Cards),
            texts: snapshot.section(Section::Instructions),
            len: snapshot.header().cards as usize,
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The id of a card.
    pub fn id(&self, number: usize) -> Result<&str> {
        std::str::from_utf8(record(&self.ids, number)?).map_err(|error| broken(number).caused_by(error))
    }

    /// The number of the card with this id.
    pub fn find(&self, id: &str) -> Option<usize> {
        Records::open(&self.ids)?.find(id.as_bytes())
    }

    /// A card's bytes: without its instruction text, and that text.
    pub fn record(&self, number: usize) -> Result<(&[u8], &[u8])> {
        Ok((record(&self.heads, number)?, record(&self.texts, number)?))
    }

    /// A whole card.
    pub fn card(&self, number: usize) -> Result<ExpertCard> {
        let (head, text) = self.record(number)?;
        card(head, text).map_err(|error| broken(number).caused_by(error))
    }

    /// Refuses ids that do not ascend, and cards that say they have another id.
    pub fn check(&self) -> Result<()> {
        for number in 0..self.len {
            let ascends = number == 0 || self.id(number - 1)? < self.id(number)?;
            if !ascends || self.card(number)?.id != self.id(number)? {
                return Err(broken(number));
            }
        }
        Ok(())
    }

    /// Every card in order.
    pub fn cards(&self) -> impl Iterator<Item = Result<ExpertCard>> {
        (0..self.len).map(|number| self.card(number))
    }
}

/// The card of a head, which is a MessagePack map, and its instruction text.
pub fn card(head: &[u8], text: &[u8]) -> Result<ExpertCard> {
    let broken = || Error::new(Code::SnapshotCorrupt, "unreadable card");
    let head: ExpertCard = Packed::read(head)
        .map_err(|error| broken().caused_by(error))?
        .to()
        .map_err(|error| broken().caused_by(error))?;
    Ok(ExpertCard { instruction_text: String::from_utf8_lossy(text).into_owned(), ..head })
}

fn record(section: &[u8], number: usize) -> Result<&[u8]> {
    Records::open(section).and_then(|records| records.get(number)).ok_or_else(|| broken(number))
}

fn broken(number: usize) -> Error {
    Error::new(Code::SnapshotCorrupt, "a card cannot be read")
        .at(format!("card {number}"))
        .help("fetch the snapshot again, or build it again with `skillmesh build`")
}
