//! Which terms does a text consist of? One analyzer, versioned, shared by builder and query.

mod analyzer;
mod escape;
mod fold;
mod markdown;
mod phrase;
mod places;
mod scan;
mod split;
mod stem;

pub use analyzer::{ANALYZER_LANGUAGE, ANALYZER_VERSION, Analyzer};
pub use escape::{escape, escape_markdown, steers};
pub use fold::{fold, is_mark, is_unspaced};
pub use markdown::plain;
pub use phrase::{says, sure_terms};
pub use split::parts;
