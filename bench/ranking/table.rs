//! How do the figures stand in Markdown?

use crate::experiments::Group;
use crate::measure::Figures;

/// A line for each variant; `columns` has the figures of all variants, set by set.
pub fn markdown(sets: &[String], groups: &[Group], columns: &[Vec<Figures>]) -> String {
    let mut rows = (0..).map(|at| columns.iter().map(|column| &column[at]).collect::<Vec<_>>());
    let mut table = head(sets);
    for group in groups {
        table += &line(&format!("**{}**", group.title), std::iter::repeat_n(String::new(), sets.len() + 3));
        for (place, ((name, _), figures)) in group.variants.iter().zip(&mut rows).enumerate() {
            table += &row(name, &figures, place == 0);
        }
    }
    table
}

fn head(sets: &[String]) -> String {
    let names = sets.iter().map(String::as_str).chain(["mean", "both", "kept"]);
    let rule = "---:|".repeat(sets.len() + 2);
    line("", names.map(str::to_owned)) + &format!("|---|{rule}---|\n")
}

/// What was kept is the product.
fn row(name: &str, figures: &[&Figures], kept: bool) -> String {
    let own = figures.iter().map(|figures| Some(figures.own));
    let means = [mean(own.clone()), mean(figures.iter().map(|figures| figures.both))];
    let cells = own.chain(means).map(|figure| figure.map_or_else(String::new, short));
    line(name, cells.chain([if kept { "yes" } else { "no" }.to_owned()]))
}

/// The mean, where every figure is there.
fn mean(figures: impl ExactSizeIterator<Item = Option<f64>>) -> Option<f64> {
    let count = figures.len() as f64;
    figures.sum::<Option<f64>>().map(|sum| sum / count)
}

/// Three decimals without the zero before them.
fn short(figure: f64) -> String {
    format!("{figure:.3}").trim_start_matches('0').to_owned()
}

fn line(first: &str, cells: impl Iterator<Item = String>) -> String {
    let cells = std::iter::once(first.to_owned()).chain(cells);
    let spaced = cells.map(|cell| if cell.is_empty() { " |".to_owned() } else { format!(" {cell} |") });
    format!("|{}\n", spaced.collect::<String>())
}
