//! How is a table written in Markdown?

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::Node;

use super::readable::Readable;
use super::write;

/// Whether a table holds data; one that holds tables arranges a page.
pub fn is_data(table: NodeRef<Node>) -> bool {
    let is_table = |node: NodeRef<Node>| node.value().as_element().is_some_and(|element| element.name() == "table");
    !table.descendants().skip(1).any(is_table)
}

/// The caption, and the rows between bars; the first row is the head, since Markdown has no table without.
pub fn markdown(mut table: Readable) -> String {
    let mut lines = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    while let Some(edge) = table.next() {
        let Edge::Open(node) = edge else { continue };
        match node.value().as_element().map_or("", |element| element.name()) {
            "caption" => lines.extend([cell(&mut table, node), String::new()]),
            "tr" => rows.push(Vec::new()),
            "td" | "th" => {
                let cell = cell(&mut table, node);
                rows.last_mut().into_iter().for_each(|row| row.push(cell.clone()));
            }
            _ => {}
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    lines.extend(rows.first().map(|head| line(head)));
    lines.extend(rows.first().map(|head| line(&vec!["---".to_owned(); head.len()])));
    lines.extend(rows.iter().skip(1).map(|row| line(row)));
    lines.join("\n")
}

/// What a cell says, in one line.
fn cell(table: &mut Readable, node: NodeRef<Node>) -> String {
    let said = write::markdown(vec![table.below(node)]);
    table.pass_over(node);
    said.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn line(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}
