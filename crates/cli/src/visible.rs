//! What a server sent, for a terminal: letters are shown, nothing is obeyed.

/// The text with everything written out (as `\u{1b}`) that a terminal would act on, or that would hide or turn round
/// what stands beside it.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_shown(letter) {
            shown.push(letter);
        } else {
            shown.extend(letter.escape_unicode());
        }
    }
    shown
}

/// The same for JSON, whose strings may hold such letters as they are: only they can, so each is escaped where it is.
pub(crate) fn visible_json(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    for letter in line.chars() {
        if is_shown(letter) {
            shown.push(letter);
        } else {
            shown.extend(letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    shown
}

/// Whether it is a letter, a mark on one, a sign or the plain space: what `escape_debug` leaves alone behind a letter.
/// (It escapes quotes and backslashes too, for reasons of its own.)
fn is_shown(letter: char) -> bool {
    letter.is_ascii_graphic() || ['a', letter].iter().collect::<String>().escape_debug().count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_prints_is_left_alone() {
        for text in [
            "",
            "Grant type 'x' not allowed: \"\\\"",
            "cafe\u{301}",
            "\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940} \u{4e2d}\u{6587}",
        ] {
            assert_eq!(visible(text), text);
            assert_eq!(visible_json(text), text);
        }
    }

    #[test]
    fn what_a_terminal_would_act_on_is_written_out() {
        for (letter, text, json) in [
            ('\u{1b}', "\\u{1b}", "\\u001b"),
            ('\n', "\\u{a}", "\\u000a"),
            ('\u{7f}', "\\u{7f}", "\\u007f"),
            ('\u{9b}', "\\u{9b}", "\\u009b"),
            ('\u{200b}', "\\u{200b}", "\\u200b"),
            ('\u{2028}', "\\u{2028}", "\\u2028"),
            ('\u{202e}', "\\u{202e}", "\\u202e"),
            ('\u{2066}', "\\u{2066}", "\\u2066"),
            ('\u{feff}', "\\u{feff}", "\\ufeff"),
            ('\u{e0041}', "\\u{e0041}", "\\udb40\\udc41"),
        ] {
            assert_eq!(visible(&format!("a{letter}b")), format!("a{text}b"));
            assert_eq!(visible_json(&format!("a{letter}b")), format!("a{json}b"));
        }
    }
}
