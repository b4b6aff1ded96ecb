//! How is a page written in Markdown? Headings, lists, quotes, code and tables; emphasis and links as their words.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{ElementRef, Node};

use super::anchor::anchor;
use super::code::{code_block, inline_code};
use super::readable::Readable;
use super::table;

/// Quotes and lists further in are written at this level.
const MOST_INDENTED: usize = 16;

const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "main",
    "p",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "option",
    "optgroup",
];

/// The Markdown of these parts of a page, in order.
pub fn markdown(parts: Vec<Readable>) -> String {
    let mut writer = Writer::default();
    parts.into_iter().for_each(|part| writer.part(part));
    writer.out
}

/// How far what follows stands from what was written.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Line,
    Paragraph,
}

/// What stands before the lines of a list's item or a quote.
struct Indent {
    first: String,
    rest: String,
    /// Whether its first line is still to come.
    fresh: bool,
}

#[derive(Default)]
struct Writer {
    out: String,
    indents: Vec<Indent>,
    /// The number of the next item of each list that is open; none in a list of points.
    lists: Vec<Option<u64>>,
    gap: Gap,
    /// Whether white space was passed since the last word.
    space: bool,
}

impl Writer {
    fn part(&mut self, mut part: Readable) {
        while let Some(edge) = part.next() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => self.words(text),
                    Node::Element(element) => self.open(element, node, &mut part),
                    _ => {}
                },
                Edge::Close(node) => node.value().as_element().into_iter().for_each(|element| self.close(element)),
            }
        }
        self.gap(Gap::Paragraph);
    }

    fn open(&mut self, element: &Element, node: NodeRef<Node>, part: &mut Readable) {
        let name = element.name();
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, part),
            "pre" => self.whole(&code_block(&part.below(node).text(), language(node)), node, part),
            "table" if table::is_data(node) => self.whole(&table::markdown(part.below(node)), node, part),
            "code" | "kbd" | "samp" => self.code(node, part),
            "img" => self.words(element.attr("alt").unwrap_or_default()),
            "br" => self.gap(Gap::Line),
            "ul" | "ol" => self.list(element),
            "li" => self.item(),
            "blockquote" => self.quote(),
            _ if BLOCKS.contains(&name) => self.gap(Gap::Paragraph),
            _ => {}
        }
    }

    fn close(&mut self, element: &Element) {
        match element.name() {
            "ul" | "ol" => {
                self.lists.pop();
                self.gap(self.around_list());
            }
            "li" => {
                self.indents.pop();
                // Items stand close together, however their text is wrapped.
                self.gap = Gap::Line;
            }
            "blockquote" => {
                self.indents.pop();
                self.gap(Gap::Paragraph);
            }
            name if BLOCKS.contains(&name) => self.gap(Gap::Paragraph),
            _ => {}
        }
    }

    /// What follows stands at least this far from what was written.
    fn gap(&mut self, gap: Gap) {
        let marked = self.indents.last().is_some_and(|indent| indent.fresh);
        self.space = false;
        self.gap = if marked { self.gap } else { self.gap.max(gap) };
    }

    fn around_list(&self) -> Gap {
        if self.lists.is_empty() { Gap::Paragraph } else { Gap::Line }
    }

    fn list(&mut self, element: &Element) {
        self.gap(self.around_list());
        let start = element.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1);
        self.lists.push((element.name() == "ol").then_some(start));
    }

    fn item(&mut self) {
        self.gap(Gap::Line);
        let number = self.lists.last_mut().and_then(|next| next.as_mut()).map(|next| {
            *next = next.saturating_add(1);
            *next - 1
        });
        let marker = number.map_or("- ".to_owned(), |number| format!("{number}. "));
        self.indent(" ".repeat(marker.len()), marker);
    }

    fn quote(&mut self) {
        self.gap(Gap::Paragraph);
        self.indent("> ".to_owned(), "> ".to_owned());
    }

    fn indent(&mut self, rest: String, first: String) {
        self.indents.push(Indent { first, rest, fresh: true });
    }

    /// Goes to the place of the next text; says whether a line begins there.
    fn place(&mut self) -> bool {
        let begins =
            self.out.is_empty() || self.gap > Gap::None || self.indents.last().is_some_and(|indent| indent.fresh);
        if begins {
            let breaks = if self.out.is_empty() { 0 } else { self.gap.max(Gap::Line) as usize };
            self.out.push_str(&"\n".repeat(breaks));
            self.margin();
        } else if self.space {
            self.out.push(' ');
        }
        (self.gap, self.space) = (Gap::None, false);
        begins
    }

    fn margin(&mut self) {
        for indent in self.indents.iter_mut().take(MOST_INDENTED) {
            self.out.push_str(if indent.fresh { &indent.first } else { &indent.rest });
        }
        self.indents.iter_mut().for_each(|indent| indent.fresh = false);
    }

    fn words(&mut self, text: &str) {
        self.space |= text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
            let begins = self.place();
            self.out.push_str(&escaped(word, begins));
            self.space = true;
        }
        if !text.trim().is_empty() {
            self.space = text.ends_with(char::is_whitespace);
        }
    }

    fn code(&mut self, node: NodeRef<Node>, part: &mut Readable) {
        let code = inline_code(&part.below(node).text());
        part.pass_over(node);
        if !code.is_empty() {
            self.place();
            self.out.push_str(&code);
        }
    }

    /// Lines that stay as they are, apart from what surrounds them.
    fn whole(&mut self, lines: &str, node: NodeRef<Node>, part: &mut Readable) {
        part.pass_over(node);
        self.gap(Gap::Paragraph);
        for line in lines.lines() {
            self.place();
            self.out.push_str(line);
            self.gap = Gap::Line;
        }
        self.gap(Gap::Paragraph);
    }

    /// A heading with its anchor behind it; one without words is none.
    fn heading(&mut self, node: NodeRef<Node>, part: &mut Readable) {
        let said = heading_words(part.below(node));
        part.pass_over(node);
        self.gap(Gap::Paragraph);
        let Some(heading) = ElementRef::wrap(node).filter(|_| !said.is_empty()) else { return };
        let level = heading.value().name()[1..].parse().unwrap_or(1);
        let id = anchor(heading).map_or(String::new(), |anchor| format!(" {{#{anchor}}}"));
        self.place();
        self.out.push_str(&format!("{} {}{id}", "#".repeat(level), escaped(&said, false).replace('{', "\\{")));
        self.gap(Gap::Paragraph);
    }
}

/// What a heading says without the mark that links to it.
fn heading_words(mut heading: Readable) -> String {
    let mut words = String::new();
    while let Some(edge) = heading.next() {
        let Edge::Open(node) = edge else { continue };
        match node.value() {
            Node::Text(text) => words.push_str(text),
            Node::Element(element) if is_mark(element, &heading.below(node)) => heading.pass_over(node),
            Node::Element(element) if element.name() == "br" => words.push(' '),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a link leads to a place on this page and shows no word: `#`, `¶`.
fn is_mark(element: &Element, link: &Readable) -> bool {
    element.name() == "a"
        && element.attr("href").is_some_and(|href| href.contains('#'))
        && !link.text().contains(char::is_alphanumeric)
}

/// The language that highlighters are told, from the block or the code inside.
fn language(pre: NodeRef<'_, Node>) -> Option<&str> {
    let elements = pre.descendants().filter_map(|node| node.value().as_element()).take(2);
    let mut classes = elements.flat_map(|element| element.attr("class").unwrap_or_default().split_whitespace());
    classes.find_map(|class| class.strip_prefix("language-"))
}

/// A word that means nothing else in Markdown than what it says.
fn escaped(word: &str, begins: bool) -> String {
    let mut escaped = String::with_capacity(word.len());
    let number = word.chars().take_while(char::is_ascii_digit).count();
    for (at, c) in word.char_indices() {
        let opens = at == 0 && matches!(c, '#' | '>' | '-' | '+' | '=' | '~' | '|' | '[' | ':');
        let numbers = at == number && number > 0 && matches!(c, '.' | ')');
        if matches!(c, '\\' | '`' | '*' | '<') || begins && (opens || numbers) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
