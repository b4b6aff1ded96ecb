//! Which options does JavaScript pass?

use serde::Deserialize;
use wasm_bindgen::JsValue;

use crate::bytes::{Fields, FromPacked, Packed, Unpacked};
use crate::cache::Limits;
use crate::card::Access;
use crate::emit::{AskedDocuments, Budget, Emission, Style};
use crate::js_error::to_js;
use crate::route::{PREPARED_SKILLS, Preparation, ROUTED_SKILLS, Router, SHOWN_SKILLS, Settings, Task};
use crate::search::{DocumentRequest, Request, USAGE_WEIGHT};
use crate::{Code, Error};

/// Hits unless asked otherwise.
const HITS: usize = 3;

/// Pages unless asked otherwise.
const PAGES: usize = 10;

/// An options object; options are taken out of it one by one, and what is left at the end is a mistake.
pub struct Options(Fields<'static>);

/// A value, or an error as JavaScript sees it.
pub type Read<T> = Result<T, JsValue>;

impl Options {
    /// Reads the object; `undefined` and `null`, also of a single option, mean the default.
    pub fn read(options: JsValue) -> Read<Options> {
        let map = match packed(options).map_err(unusable)? {
            Packed::Nil => Packed::Map(Vec::new()),
            other => other,
        };
        Fields::of(map).map(Options).map_err(unusable)
    }

    /// The request of a query for cards.
    pub fn request<'a>(&mut self, text: &'a str, vector: Option<&'a [f32]>) -> Read<Request<'a>> {
        let top_k = self.count("topK")?.unwrap_or(HITS);
        Ok(Request { top_k, ..self.query(text, vector)? })
    }

    /// The request of a search in documents.
    pub fn search<'a>(&mut self, text: &'a str, vector: Option<&'a [f32]>) -> Read<DocumentRequest<'a>> {
        let query = Request { top_k: self.count("limit")?.unwrap_or(PAGES), ..self.query(text, vector)? };
        Ok(DocumentRequest { query, access: self.access()?, offset: self.take("offset")?.unwrap_or(0) })
    }

    /// The time as of which feedback counts, in milliseconds since 1970; without it, feedback does not.
    pub fn now(&mut self) -> Read<Option<f64>> {
        self.take("now")
    }

    /// The request of `discover` and `suggest`.
    pub fn discovery<'a>(mut self, text: &'a str, vector: Option<&'a [f32]>) -> Read<Request<'a>> {
        let request = self.skills(text, vector, SHOWN_SKILLS, ("localOnly", false))?;
        self.end().map(|()| request)
    }

    /// The request of `autoRoute`, and what is known of the skills' state.
    pub fn preparation<'a>(mut self, text: &'a str, vector: Option<&'a [f32]>) -> Read<(Request<'a>, Preparation)> {
        let preparation = Preparation {
            auto_install: self.take("autoInstall")?.unwrap_or_default(),
            loaded: self.take("loaded")?,
            min_match: self.take("minMatch")?,
        };
        let request = self.skills(text, vector, PREPARED_SKILLS, ("localOnly", false))?;
        self.end().map(|()| (request, preparation))
    }

    /// A task for the router.
    pub fn task<'a>(mut self, text: &'a str, vector: Option<&'a [f32]>) -> Read<Task<'a>> {
        let task = Task {
            request: self.skills(text, vector, ROUTED_SKILLS, ("installedOnly", true))?,
            is_semantic: self.take("semantic")?.unwrap_or(vector.is_some()),
            has_llm: self.take("llm")?.unwrap_or_default(),
            generic: self.take("genericSkills")?.unwrap_or_else(Task::generic),
            now: self.now()?,
            is_kept: self.take("keep")?.unwrap_or(true),
        };
        self.end().map(|()| task)
    }

    /// How a router remembers.
    pub fn router(mut self) -> Read<Router> {
        let default = Settings::default();
        let cache = Limits {
            capacity: self.take("cacheSize")?.unwrap_or(default.cache.capacity),
            same_from: self.take("sameFrom")?.unwrap_or(default.cache.same_from),
        };
        let half_life_days = self.take("halfLifeDays")?.unwrap_or(default.half_life_days);
        self.end()?;
        Router::new(Settings { cache, half_life_days }).map_err(to_js)
    }

    /// The request for skills, `limit` unless asked otherwise; for installed ones alone, where the option says so.
    fn skills<'a>(
        &mut self,
        text: &'a str,
        vector: Option<&'a [f32]>,
        limit: usize,
        (option, default): (&str, bool),
    ) -> Read<Request<'a>> {
        let top_k = self.count("limit")?.unwrap_or(limit);
        let request = Request { top_k, ..self.query(text, vector)? };
        let filter = request.filter.and_installed(self.take(option)?.unwrap_or(default)).map_err(to_js)?;
        Ok(Request { filter, ..request })
    }

    /// How found cards become a block for a provider.
    pub fn emission(&mut self, provider: &str) -> Read<Emission<'static>> {
        Ok(Emission {
            style: Style::taken(&mut self.0).map_err(unusable)?,
            budget: self.budget()?,
            with_dependencies: self.take("withDependencies")?.unwrap_or_default(),
            ..Emission::new(provider.parse().map_err(to_js)?)
        })
    }

    /// How long a block may be.
    pub fn budget(&mut self) -> Read<Budget> {
        Budget::taken(&mut self.0).map_err(unusable)
    }

    /// What is asked of documents beside cards.
    pub fn documents(mut self) -> Read<AskedDocuments> {
        let (top_k, Access { all, skills, tags }) = (self.count("topK")?, self.access()?);
        self.end().map(|()| AskedDocuments { skills, all, tags, top_k })
    }

    /// Refuses what nobody took.
    pub fn end(self) -> Read<()> {
        self.0.left().map_or(Ok(()), |key| Err(unusable(format!("there is no option `{}`", key.escape_debug()))))
    }

    fn query<'a>(&mut self, text: &'a str, vector: Option<&'a [f32]>) -> Read<Request<'a>> {
        Ok(Request {
            vector,
            mode: self.take("mode")?.unwrap_or_default(),
            filter: self.take("filter")?.unwrap_or_default(),
            fusion: self.take("fusion")?,
            usage_weight: self.take("usageWeight")?.unwrap_or(USAGE_WEIGHT),
            syntax: self.take("syntax")?.unwrap_or_default(),
            min_confidence: self.take("minConfidence")?,
            ..Request::new(text)
        })
    }

    fn access(&mut self) -> Read<Access> {
        let all: Option<Everything> = self.take("access")?;
        let (skills, tags) = (self.take("skills")?, self.take("tags")?);
        Ok(Access { all: all.is_some(), skills: skills.unwrap_or_default(), tags: tags.unwrap_or_default() })
    }

    /// How many, as JavaScript counts.
    fn count(&mut self, key: &str) -> Read<Option<usize>> {
        let Some(number) = self.take::<f32>(key)? else { return Ok(None) };
        if number < 1.0 || !(number.fract() == 0.0 || number.is_infinite()) {
            return Err(unusable(format!("`{key}`: expected a whole number from 1 on, got {number}")));
        }
        Ok(Some(number as usize))
    }

    fn take<T: FromPacked<'static>>(&mut self, key: &str) -> Read<Option<T>> {
        self.0.optional(key).map_err(unusable)
    }
}

/// A JavaScript value, whatever it is.
pub fn packed(value: JsValue) -> Unpacked<Packed<'static>> {
    Packed::deserialize(serde_wasm_bindgen::Deserializer::from(value)).map_err(|e| e.to_string())
}

/// The only word for "whoever it is for".
struct Everything;

impl<'a> FromPacked<'a> for Everything {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        value.one_of(&[("all", ())]).map(|()| Everything)
    }
}

fn unusable(why: String) -> JsValue {
    to_js(Error::new(Code::InvalidArgument, "unusable options").caused_by(why))
}
