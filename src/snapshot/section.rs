//! Which parts does a snapshot have?

/// A named run of bytes; `docs/snapshot-format.md` lays out each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Card ids, ascending.
    Ids,
    /// Cards without instruction text, each a MessagePack map.
    Cards,
    /// Instruction texts, UTF-8.
    Instructions,
    /// Documents without their texts, each a MessagePack map.
    Documents,
    /// Chunks without their texts, each a MessagePack map.
    Chunks,
    /// The chunks' texts, UTF-8.
    Texts,
    /// The document of each chunk.
    Owners,
    /// The term dictionary.
    Terms,
    /// Postings lists.
    Postings,
    /// Field lengths.
    Lengths,
    /// The filter dictionary.
    Facets,
    /// Lists of cards by filter value.
    FacetLists,
    /// int8 vectors, row after row.
    Vectors,
    /// The factor of each row.
    Scales,
    /// The card of each row.
    Rows,
    /// Where each shard of a root lies: [`Shard`](crate::search::Shard) records.
    Shards,
}

impl Section {
    /// All sections in the order in which they are written.
    pub const ALL: [Section; 16] = [
        Section::Ids,
        Section::Cards,
        Section::Instructions,
        Section::Documents,
        Section::Chunks,
        Section::Texts,
        Section::Owners,
        Section::Terms,
        Section::Postings,
        Section::Lengths,
        Section::Facets,
        Section::FacetLists,
        Section::Vectors,
        Section::Scales,
        Section::Rows,
        Section::Shards,
    ];

    /// The key in the file.
    pub fn name(self) -> &'static str {
        match self {
            Section::Ids => "ids",
            Section::Cards => "cards",
            Section::Instructions => "instructions",
            Section::Documents => "documents",
            Section::Chunks => "chunks",
            Section::Texts => "texts",
            Section::Owners => "owners",
            Section::Terms => "terms",
            Section::Postings => "postings",
            Section::Lengths => "lengths",
            Section::Facets => "facets",
            Section::FacetLists => "facet_lists",
            Section::Vectors => "vectors",
            Section::Scales => "scales",
            Section::Rows => "rows",
            Section::Shards => "shards",
        }
    }

    /// Sections whose reader trusts their structure, so that their checksum is compared on opening.
    pub fn is_structural(self) -> bool {
        matches!(self, Section::Terms | Section::Facets)
    }
}
