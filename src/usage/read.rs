//! Which uses does a project's file tell of, and which of its records say too little?

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::instant::{MICROS_A_DAY, instant};
use super::record::Use;
use crate::{Code, Error, Result};

/// Clocks differ; what is further ahead than this is remarked on.
const AHEAD: i64 = MICROS_A_DAY;

/// Numbers below are seconds since 1970, others milliseconds; as seconds it is the year 5138.
const SECONDS_BELOW: f64 = 1e11;

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

/// Reads either shape of file, `skills` by name or a list of `invocations`; `now` in microseconds since 1970.
///
/// ```
/// let file = br#"{"skills": {"code-review": [{"invoked_at": "2026-02-10T12:00:00Z", "success": true}, {"success": 1}]}}"#;
/// let read = skillmesh::usage::read(file, i64::MAX)?;
/// assert_eq!(read.uses[0].skill, "code-review");
/// assert_eq!(read.skipped[0].place, "skills/code-review/1");
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub fn read(bytes: &[u8], now: i64) -> Result<Read> {
    let file: File = serde_json::from_slice(bytes).map_err(unreadable)?;
    if file.skills.is_none() && file.invocations.is_none() {
        return Err(Error::new(Code::Metrics, "the file tells of no uses").expected("`skills` or `invocations`"));
    }
    let mut read = Read::default();
    for (skill, records) in file.skills.map(|pairs| pairs.0).unwrap_or_default() {
        read.list(&format!("skills/{skill}"), records, Some(&skill), now);
    }
    if let Some(records) = file.invocations {
        read.list("invocations", records, None, now);
    }
    Ok(read)
}

fn unreadable(error: serde_json::Error) -> Error {
    let help = "a file that is being written is whole the next time";
    Error::new(Code::Metrics, "the file is not JSON to its end").caused_by(error).help(help)
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
    fn list(&mut self, place: &str, records: &RawValue, skill: Option<&str>, now: i64) {
        let records: Vec<&RawValue> = match parsed(records) {
            Ok(records) => records,
            Err(reason) => return self.skipped.push(Remark { place: place.to_owned(), reason }),
        };
        for (number, record) in records.into_iter().enumerate() {
            let place = || format!("{place}/{number}");
            match parsed::<Record>(record).and_then(|record| record.told(skill)) {
                Ok(mut told) => {
                    let remarks = doubts(&mut told, now).into_iter();
                    self.noted.extend(remarks.map(|reason| Remark { place: place(), reason }));
                    self.uses.push(told);
                }
                Err(reason) => self.skipped.push(Remark { place: place(), reason }),
            }
        }
    }
}

fn parsed<'a, T: Deserialize<'a>>(value: &'a RawValue) -> std::result::Result<T, String> {
    serde_json::from_str(value.get()).map_err(|error| error.to_string())
}

/// One record of either shape; names that are not listed are passed over.
#[derive(Deserialize)]
struct Record {
    #[serde(alias = "invocation_id")]
    id: Option<String>,
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
    selection_rank: Option<i32>,
    #[serde(alias = "followup_actions")]
    follow_up_actions: Option<Vec<String>>,
    error_type: Option<String>,
}

impl Record {
    fn told(self, skill: Option<&str>) -> std::result::Result<Use, String> {
        let skill = self.skill_name.filter(|name| !name.trim().is_empty()).or_else(|| skill.map(str::to_owned));
        Ok(Use {
            skill: skill.filter(|name| !name.trim().is_empty()).ok_or("`skill_name` is missing")?,
            id: self.id,
            invoked_at: self.invoked_at.ok_or("`invoked_at` is missing")?.0,
            completed_at: self.completed_at.map(|when| when.0),
            duration_ms: self.duration_ms.or(self.duration_seconds.map(|seconds| seconds * 1000.0)),
            success: self.success.or(self.completed.map(|completed| completed && self.error_type.is_none())),
            session_id: self.session_id,
            workflow_path: self.workflow_path,
            user_query: self.user_query,
            alternatives: self.alternatives_considered.unwrap_or_default(),
            selection_rank: self.selection_rank,
            follow_ups: self.follow_up_actions.unwrap_or_default(),
            error_type: self.error_type,
        })
    }
}

/// Mends what clocks got wrong, and says so.
fn doubts(told: &mut Use, now: i64) -> Vec<String> {
    let mut doubts = Vec::new();
    if told.invoked_at.saturating_sub(now) > AHEAD {
        doubts.push("invoked more than a day from now: the clock was wrong".to_owned());
    }
    if told.completed_at.is_some_and(|completed| completed < told.invoked_at) {
        told.completed_at = None;
        doubts.push("completed before it was invoked: when it ended is left out".to_owned());
    }
    let took = told.completed_at.map(|completed| completed.saturating_sub(told.invoked_at) as f64 / 1000.0);
    told.duration_ms = told.duration_ms.or(took);
    if told.duration_ms.is_some_and(|duration| !(0.0..TOO_LONG).contains(&duration)) {
        told.duration_ms = None;
        doubts.push("a duration below 0 or of years: left out".to_owned());
    }
    doubts
}

/// A point in time: ISO 8601, or seconds or milliseconds since 1970.
struct When(i64);

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = When;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a time such as \"2026-02-10T12:00:00Z\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> std::result::Result<When, E> {
                instant(text).map(When).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> std::result::Result<When, E> {
                let seconds = if number.abs() < SECONDS_BELOW { number } else { number / 1000.0 };
                let micros =
                    jiff::Timestamp::from_microsecond((seconds * 1e6) as i64).map(jiff::Timestamp::as_microsecond);
                micros.map(When).map_err(|_| E::invalid_value(de::Unexpected::Float(number), &self))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> std::result::Result<When, E> {
                self.visit_f64(number as f64)
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> std::result::Result<When, E> {
                self.visit_f64(number as f64)
            }
        }
        deserializer.deserialize_any(Written)
    }
}
