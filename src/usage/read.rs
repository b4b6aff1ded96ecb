//! Which uses does a project's file tell of, and which of its records say too little?

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::instant::{Clock, MICROS_A_DAY};
use super::record::Use;
use crate::{Code, Error, Result};

/// Clocks differ; what is further ahead than this is remarked on.
const AHEAD: i64 = MICROS_A_DAY;

/// Numbers below are seconds since 1970, others milliseconds; as seconds it is the year 5138.
const SECONDS_BELOW: f64 = 1e11;

/// The reader's version, to be raised when it can read what it skipped before.
pub const READER: u32 = 1;

/// Longer uses, in milliseconds, are clocks gone wrong: three years.
const TOO_LONG: f64 = 1e11;

/// What a file tells.
#[derive(Debug, Default)]
pub struct Read {
    pub uses: Vec<Use>,
    /// Records that could not be counted.
    pub skipped: Vec<Remark>,
    /// Records that are counted, with something left out or doubtful.
    pub noted: Vec<Remark>,
}

/// What is said of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Where in the file, such as `skills/code-review/3`.
    pub place: String,
    pub reason: String,
}

/// Reads either shape of file, `skills` by name or a list of `invocations`.
///
/// ```
/// let file = br#"{"skills": {"code-review": [{"invoked_at": "2026-02-10T12:00:00Z", "success": true}, {"success": 1}]}}"#;
/// let read = skillmesh::usage::read(file, &skillmesh::usage::Clock::utc(i64::MAX))?;
/// assert_eq!(read.uses[0].skill, "code-review");
/// assert_eq!(read.skipped[0].place, "skills/code-review/1");
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub fn read(bytes: &[u8], clock: &Clock) -> Result<Read> {
    let text = String::from_utf8_lossy(bytes);
    let file: File = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(unreadable)?;
    if file.skills.is_none() && file.invocations.is_none() {
        return Err(Error::new(Code::Metrics, "the file tells of no uses").expected("`skills` or `invocations`"));
    }
    let mut read = Read::default();
    if let Cow::Owned(_) = text {
        read.noted.push(foreign());
    }
    for (skill, records) in file.skills.map(|pairs| pairs.0).unwrap_or_default() {
        read.list(&format!("skills/{skill}"), records, Some(&skill), clock);
    }
    if let Some(records) = file.invocations {
        read.list("invocations", records, None, clock);
    }
    Ok(read)
}

fn unreadable(error: serde_json::Error) -> Error {
    let help = "a file that is being written is whole the next time";
    match error.is_eof() {
        true => Error::new(Code::Metrics, "the file is not JSON to its end").caused_by(error).help(help),
        false => Error::new(Code::Metrics, "the file is not JSON as uses are told in").caused_by(error),
    }
}

/// What is said of a file that is not UTF-8: what is broken in it was replaced.
fn foreign() -> Remark {
    Remark { place: String::new(), reason: "the file is not UTF-8: other bytes read as �".to_owned() }
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    skills: Option<Pairs<'a>>,
    #[serde(borrow)]
    invocations: Option<&'a RawValue>,
}

/// A map's entries as they are written: of two with one name, both.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Vec<(String, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a map from a skill's name to its uses")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> std::result::Result<Self::Value, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(Entries).map(Pairs)
    }
}

impl Read {
    fn list(&mut self, place: &str, records: &RawValue, skill: Option<&str>, clock: &Clock) {
        let records: Vec<&RawValue> = match parsed(records) {
            Ok(records) => records,
            Err(reason) => return self.skipped.push(Remark { place: place.to_owned(), reason }),
        };
        for (number, record) in records.into_iter().enumerate() {
            let place = || format!("{place}/{number}");
            match parsed::<Record>(record).and_then(|record| record.told(skill, clock)) {
                Ok((told, doubts)) => {
                    self.noted.extend(doubts.into_iter().map(|reason| Remark { place: place(), reason }));
                    self.uses.push(told);
                }
                Err(reason) => self.skipped.push(Remark { place: place(), reason }),
            }
        }
    }
}

fn parsed<'a, T: Deserialize<'a>>(value: &'a RawValue) -> std::result::Result<T, String> {
    serde_json::from_str(value.get()).map_err(|error| without_values(&error.to_string()))
}

/// What is wrong, without the place in the record, which makes of one kind of fault many, and without quoted values,
/// which may be users' words.
fn without_values(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(said, _)| said);
    match (message.split_once(" \""), message.rsplit_once('"')) {
        (Some((before, _)), Some((_, after))) => format!("{before}{after}"),
        _ => message.to_owned(),
    }
}

/// One record of either shape; names that are not listed are passed over.
#[derive(Deserialize)]
struct Record {
    id: Option<Name>,
    invocation_id: Option<Name>,
    skill_name: Option<String>,
    invoked_at: Option<When>,
    completed_at: Option<When>,
    duration_ms: Option<f64>,
    duration_seconds: Option<f64>,
    success: Option<bool>,
    completed: Option<bool>,
    session_id: Option<String>,
    workflow_path: Option<String>,
    user_query: Option<String>,
    alternatives_considered: Option<Vec<String>>,
    selection_rank: Option<f64>,
    follow_up_actions: Option<Vec<String>>,
    followup_actions: Option<Vec<String>>,
    error_type: Option<String>,
}

impl Record {
    /// The use, and what is doubtful about it.
    fn told(self, skill: Option<&str>, clock: &Clock) -> std::result::Result<(Use, Vec<String>), String> {
        let success = self.success();
        let (invoked_at, written_at) = self.invoked_at.ok_or("`invoked_at` is missing")?.at(clock)?;
        let mut told = Use {
            skill: said(self.skill_name).or_else(|| said(skill.map(str::to_owned))).ok_or("`skill_name` is missing")?,
            id: said(self.id.or(self.invocation_id).map(|name| name.0)),
            invoked_at,
            written_at,
            completed_at: self.completed_at.map(|when| when.at(clock)).transpose()?.map(|(at, _)| at),
            duration_ms: self.duration_ms.or(self.duration_seconds.map(|seconds| seconds * 1000.0)),
            success,
            session_id: said(self.session_id),
            workflow_path: said(self.workflow_path),
            user_query: said(self.user_query),
            alternatives: self.alternatives_considered.unwrap_or_default(),
            selection_rank: None,
            follow_ups: self.follow_up_actions.or(self.followup_actions).unwrap_or_default(),
            error_type: said(self.error_type),
        };
        let doubts = [ahead(&told, clock.now), mend_end(&mut told), mend_rank(&mut told, self.selection_rank)];
        Ok((told, doubts.into_iter().flatten().map(str::to_owned).collect()))
    }

    /// `success` where it is said; else what came of `completed`, which is false from the start: until the record says of
    /// an end or an error, the skill may be running.
    fn success(&self) -> Option<bool> {
        let has_ended = self.completed_at.is_some()
            || self.error_type.is_some()
            || self.duration_ms.or(self.duration_seconds).is_some_and(|duration| duration > 0.0);
        match self.completed {
            _ if self.success.is_some() => self.success,
            Some(true) => Some(self.error_type.is_none()),
            Some(false) => has_ended.then_some(false),
            None => self.error_type.is_some().then_some(false),
        }
    }
}

/// A text that says something, without the space around it.
fn said(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn ahead(told: &Use, now: i64) -> Option<&'static str> {
    (told.invoked_at.saturating_sub(now) > AHEAD).then_some("invoked more than a day from now: the clock was wrong")
}

/// Leaves out what clocks got wrong, and says so.
fn mend_end(told: &mut Use) -> Option<&'static str> {
    if told.completed_at.is_some_and(|completed| completed < told.invoked_at) {
        (told.completed_at, told.duration_ms) = (None, None);
        return Some("completed before it was invoked: when it ended is left out");
    }
    let took = told.completed_at.map(|completed| completed.saturating_sub(told.invoked_at) as f64 / 1000.0);
    told.duration_ms = told.duration_ms.or(took);
    let wrong = told.duration_ms.take_if(|duration| !(0.0..TOO_LONG).contains(duration));
    wrong.map(|_| "a duration below 0 or of years: left out")
}

/// Takes a place among those offered; what is none is left out.
fn mend_rank(told: &mut Use, rank: Option<f64>) -> Option<&'static str> {
    let rank = rank?;
    if rank.fract() != 0.0 || !(1.0..=f64::from(i32::MAX)).contains(&rank) {
        return Some("`selection_rank` is no whole number from 1 on: left out");
    }
    told.selection_rank = Some(rank as i32);
    None
}

/// What a writer calls a use: a text, or a number.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a text or a whole number")]
        enum Written {
            Text(String),
            Number(i64),
        }
        Ok(Name(match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Number(number) => number.to_string(),
        }))
    }
}

/// A point in time: ISO 8601, or seconds or milliseconds since 1970.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a time such as `2026-02-10T12:00:00Z`")]
enum When {
    Text(String),
    Number(f64),
}

impl When {
    /// The instant, and the same as it is written.
    fn at(&self, clock: &Clock) -> std::result::Result<(i64, i64), String> {
        let both = match self {
            When::Text(text) => clock.instant(text).zip(Clock::utc(clock.now).instant(text)),
            When::Number(number) => since_1970(*number).map(|at| (at, at)),
        };
        both.ok_or_else(|| "invalid value, expected a time such as `2026-02-10T12:00:00Z`".to_owned())
    }
}

fn since_1970(number: f64) -> Option<i64> {
    let seconds = if number.abs() < SECONDS_BELOW { number } else { number / 1000.0 };
    jiff::Timestamp::from_microsecond((seconds * 1e6) as i64).ok().map(jiff::Timestamp::as_microsecond)
}
