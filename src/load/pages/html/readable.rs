//! Which part of a page is its content, and which of that does a reader see?

use ego_tree::iter::{Edge, Traverse};
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

/// Elements that say nothing in prose, or belong to the site and not to the page.
const SILENT: [&str; 22] = [
    "audio", "button", "canvas", "datalist", "dialog", "embed", "head", "iframe", "input", "map", "meter", "nav",
    "noscript", "object", "progress", "script", "select", "style", "svg", "template", "textarea", "video",
];

/// Those around the content, where the page does not say what its content is.
const AROUND: [&str; 3] = ["aside", "footer", "header"];

/// Where the content stands: in the main part, else in its articles, else in the body without what surrounds it.
pub fn roots(html: &Html) -> Vec<Readable<'_>> {
    let elements = || html.tree.nodes().filter_map(ElementRef::wrap);
    let is_main = |element: &ElementRef| element.value().name() == "main" || element.attr("role") == Some("main");
    let is_article = |element: &ElementRef| element.value().name() == "article" && outermost(element);
    let main: Vec<Readable> = elements().filter(is_main).take(1).map(|root| Readable::of(*root, false)).collect();
    let articles = || elements().filter(is_article).map(|root| Readable::of(*root, false)).collect::<Vec<_>>();
    let body = || vec![Readable::of(html.tree.root(), true)];
    [main, articles()]
        .into_iter()
        .find(|roots| roots.iter().any(|root| !root.text().trim().is_empty()))
        .unwrap_or_else(body)
}

/// Whether no other article is around it.
fn outermost(article: &ElementRef) -> bool {
    !article.ancestors().filter_map(ElementRef::wrap).any(|around| around.value().name() == "article")
}

/// What the page's head calls it.
pub fn title(html: &Html) -> Option<String> {
    let is_title = |element: &ElementRef| {
        let parent = element.parent().and_then(ElementRef::wrap);
        element.value().name() == "title" && parent.is_some_and(|parent| parent.value().name() == "head")
    };
    let title = html.tree.nodes().filter_map(ElementRef::wrap).find(is_title)?;
    let words: String = title.text().collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some(words)
}

/// The edges of a part of the tree, without the elements that nobody reads.
#[derive(Clone)]
pub struct Readable<'a> {
    edges: Traverse<'a, Node>,
    /// Whether what surrounds the content is passed over, too.
    bare: bool,
    /// The element whose end is waited for.
    hidden: Option<NodeId>,
}

impl<'a> Readable<'a> {
    pub fn of(root: NodeRef<'a, Node>, bare: bool) -> Self {
        Readable { edges: root.traverse(), bare, hidden: None }
    }

    /// The part below a node, read by the same rules.
    pub fn below<'n>(&self, node: NodeRef<'n, Node>) -> Readable<'n> {
        Readable { edges: node.traverse(), bare: self.bare, hidden: None }
    }

    /// Passes over what is left of this element, up to its end.
    pub fn pass_over(&mut self, node: NodeRef<Node>) {
        self.hidden = Some(node.id());
    }

    /// What is said, with line breaks as they are, for each `<br>` and behind each `<div>`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for edge in self.clone() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Text(said) => text.push_str(said),
                    value if is(value, "br") => text.push('\n'),
                    _ => {}
                },
                Edge::Close(node) if is(node.value(), "div") && !text.ends_with('\n') => text.push('\n'),
                Edge::Close(_) => {}
            }
        }
        text
    }

    fn is_hidden(&self, element: &Element) -> bool {
        let name = element.name();
        SILENT.contains(&name) || self.bare && AROUND.contains(&name) || is_marked(element)
    }
}

impl<'a> Iterator for Readable<'a> {
    type Item = Edge<'a, Node>;

    fn next(&mut self) -> Option<Edge<'a, Node>> {
        loop {
            let edge = self.edges.next()?;
            match (&edge, self.hidden) {
                (Edge::Close(node), Some(hidden)) if node.id() == hidden => self.hidden = None,
                (_, Some(_)) => {}
                (Edge::Open(node), None)
                    if node.value().as_element().is_some_and(|element| self.is_hidden(element)) =>
                {
                    self.hidden = Some(node.id());
                }
                _ => return Some(edge),
            }
        }
    }
}

fn is(node: &Node, name: &str) -> bool {
    node.as_element().is_some_and(|element| element.name() == name)
}

/// Whether the author hides the element from readers or from search. What is hidden until found is meant to be found.
fn is_marked(element: &Element) -> bool {
    let hidden = element.attr("hidden").is_some_and(|how| !how.eq_ignore_ascii_case("until-found"));
    let unseen = element.attr("style").is_some_and(|style| style.replace(' ', "").contains("display:none"));
    hidden || unseen || element.attr("aria-hidden") == Some("true") || element.attr("data-skillmesh-ignore").is_some()
}
