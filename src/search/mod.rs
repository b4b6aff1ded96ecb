//! Which cards answer this query, in which order, and why?

mod access;
mod allowed;
mod boost;
mod cards;
mod conditions;
mod confidence;
mod document_hit;
mod documents;
mod filter;
mod fusion;
mod hit;
mod index;
mod leg;
mod legs;
mod rank;
mod request;
mod snippet;
mod syntax;

pub use access::{EVERYBODY, access_key};
pub use allowed::Allowed;
pub use boost::Boost;
pub use cards::SkillRetriever;
pub use confidence::{Confidence, Figures, Level, MinConfidence, SHOWN};
pub use document_hit::{Cited, DocumentAnswer, DocumentHit, FacetCount, Page};
pub use documents::{DocumentRequest, DocumentRetriever};
pub use filter::{Filter, facet_key};
pub use fusion::Fusion;
pub use hit::{Answer, DenseMatch, Explanation, Ranked, RankedCards, Reason, RetrievalHit, SparseMatch, Summary};
pub use index::{Index, Stats};
pub use leg::{Leg, Scored};
pub use request::{Mode, Request, USAGE_WEIGHT, query_parts};
pub use snippet::Snippet;
pub use syntax::{Asked, Condition, What};
