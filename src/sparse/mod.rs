//! Which cards share words with the query, and how strongly? BM25F over compiled postings.

mod bm25;
mod dictionary;
mod expand;
mod field;
mod index;
mod near;
mod postings;
mod query;
mod texts;
mod vocabulary;
mod writer;

pub use bm25::{Averages, Bm25Params, FieldParams, idf};
pub use dictionary::{Dictionary, DictionaryWriter};
pub use field::{FIELD_COUNT, Field};
pub use index::{SparseIndex, TermMatch, average_lengths};
pub use query::QueryTerm;
pub use texts::field_texts;
pub use vocabulary::Vocabulary;
pub use writer::{SparseSections, SparseWriter};
