//! Which part of a card did a term come from?

/// How many fields there are.
pub const FIELD_COUNT: usize = 7;

/// A part of a card with a weight of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Title and id.
    Title,
    /// Other names.
    Aliases,
    /// Tags and domain.
    Tags,
    /// The description.
    Description,
    /// Example requests.
    Examples,
    /// Commands, functions, packages.
    ToolHints,
    /// Instructions, contracts, checks and constraints.
    Body,
}

impl Field {
    /// All fields, in the order of their numbers.
    pub const ALL: [Field; FIELD_COUNT] =
        [Field::Title, Field::Aliases, Field::Tags, Field::Description, Field::Examples, Field::ToolHints, Field::Body];

    /// The name in explanations and in a snapshot's ranking settings.
    pub fn name(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Aliases => "aliases",
            Field::Tags => "tags",
            Field::Description => "description",
            Field::Examples => "examples",
            Field::ToolHints => "tool_hints",
            Field::Body => "body",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.name() == name)
    }

    /// The fields whose bit is set in `mask`.
    pub fn in_mask(mask: u8) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| mask & (1 << *field as u8) != 0)
    }
}
