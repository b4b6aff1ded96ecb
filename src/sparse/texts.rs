//! Which text of a card belongs to which field?

use serde_json::Value;

use super::field::Field;
use crate::ExpertCard;

/// Every searchable text of a card with its field.
pub fn field_texts(card: &ExpertCard) -> Vec<(Field, String)> {
    let mut texts = vec![
        (Field::Title, card.title.clone()),
        (Field::Title, card.id.clone()),
        (Field::Tags, card.domain.clone()),
        (Field::Description, card.description.clone()),
        (Field::Body, card.instruction_text.clone()),
    ];
    let lists = [
        (Field::Aliases, &card.aliases),
        (Field::Tags, &card.tags),
        (Field::Examples, &card.examples),
        (Field::ToolHints, &card.tool_hints),
        (Field::Body, &card.output_artifacts),
        (Field::Body, &card.quality_checks),
        (Field::Body, &card.constraints),
    ];
    texts.extend(lists.into_iter().flat_map(|(field, list)| list.iter().map(move |text| (field, text.clone()))));
    texts.extend(card.input_contract.iter().map(|(name, what)| (Field::Body, format!("{name} {}", plain(what)))));
    texts
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
