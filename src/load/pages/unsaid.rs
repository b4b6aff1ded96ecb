//! What stands in Markdown for no reader? Comments, scripts and styles.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// Beginnings of HTML that says nothing; everything up to its end goes with it.
const SILENT: [&str; 3] = ["<!--", "<script", "<style"];

/// The text without them: they must neither be found nor be handed on.
pub fn removed(markdown: &str) -> String {
    let mut said = String::with_capacity(markdown.len());
    let mut end = 0;
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        let html = matches!(event, Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_));
        if html && range.start >= end && is_silent(&markdown[range.clone()]) {
            said.push_str(&markdown[end..range.start]);
            end = range.end;
        }
    }
    said + &markdown[end..]
}

fn is_silent(html: &str) -> bool {
    let start = html.trim_start();
    SILENT.iter().any(|silent| start.get(..silent.len()).is_some_and(|own| own.eq_ignore_ascii_case(silent)))
}

#[cfg(test)]
mod tests {
    use super::removed;

    #[test]
    fn comments_scripts_and_styles_go_and_code_stays() {
        assert_eq!(removed("a\n\n<!--\nsecret\n-->\n\nb"), "a\n\n\nb");
        assert_eq!(removed("a <!-- secret --> b"), "a  b");
        assert_eq!(removed("<script>\nlet secret;\n</script>\n\nb"), "\nb");
        assert_eq!(
            removed("`<!-- shown -->`\n\n```html\n<!-- shown -->\n```"),
            "`<!-- shown -->`\n\n```html\n<!-- shown -->\n```"
        );
        assert_eq!(removed("<b>bold</b> é画"), "<b>bold</b> é画");
    }
}
