//! A second reader of JSON, for comparison: it goes through a text byte by byte, and says what stands where the text is
//! cut or broken.

/// Where a value ends that is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The text ends first.
    Cut,
    /// Something stands there that JSON does not have.
    Broken,
}

/// The fields of an object, up to where the text is cut or broken.
#[derive(Debug)]
pub struct Object<'a> {
    /// Each of them, in the text's order.
    pub fields: Vec<Field<'a>>,
    /// Whether the object is whole.
    pub end: Result<(), End>,
}

/// A field whose name is whole.
#[derive(Debug)]
pub struct Field<'a> {
    /// Its name.
    pub name: String,
    /// Its value as JSON text, when that is whole.
    pub value: Result<&'a str, End>,
    /// Whether the text ends with the value: then a number may be cut.
    is_last: bool,
}

impl<'a> Object<'a> {
    /// The object that the text begins with.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        reader.skip_space();
        if reader.peek() != Some(b'{') {
            return None;
        }
        let mut fields = Vec::new();
        let end = reader.object(&mut fields);
        Some(Self { fields, end })
    }

    /// The value that counts of a field of a whole object; `null` is absent.
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.end.ok()?;
        let field = self.fields.iter().rev().find(|field| field.name == name)?;
        field.value.ok().filter(|value| *value != "null")
    }

    /// The string of such a field.
    pub fn string(&self, name: &str) -> Option<String> {
        self.value(name).and_then(string)
    }

    /// The last value of a name that is whole and can be a code or a list of codes, though the object is not whole.
    pub fn code(&self, name: &str) -> Option<&'a str> {
        let of_name = self.fields.iter().filter(|field| field.name == name && !field.is_cut_number());
        of_name.filter_map(|field| field.value.ok()).rfind(|value| can_be_a_code(value))
    }

    /// Whether the text ends within the value of this name.
    pub fn is_cut_in(&self, name: &str) -> bool {
        self.fields.last().is_some_and(|field| field.name == name && field.value == Err(End::Cut))
    }
}

impl Field<'_> {
    fn is_cut_number(&self) -> bool {
        self.is_last && self.value.is_ok_and(|value| !value.ends_with(['"', ']', '}']))
    }
}

fn can_be_a_code(value: &str) -> bool {
    let inner = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match inner {
        Some(inner) => !inner.trim().is_empty(),
        None => value.starts_with('"') && value != "\"\"",
    }
}

/// The text that a JSON string stands for; `None` for another value, or one with half a surrogate pair.
pub fn string(value: &str) -> Option<String> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    let mut units = Vec::new();
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        let unit = match if c == '\\' { rest.next()? } else { c } {
            'b' if c == '\\' => 8,
            'f' if c == '\\' => 12,
            'n' if c == '\\' => 10,
            'r' if c == '\\' => 13,
            't' if c == '\\' => 9,
            'u' if c == '\\' => {
                let digits: String = rest.by_ref().take(4).collect();
                u16::from_str_radix(&digits, 16).ok()?
            }
            plain => {
                units.extend_from_slice(plain.encode_utf16(&mut [0; 2]));
                continue;
            }
        };
        units.push(unit);
    }
    String::from_utf16(&units).ok()
}

/// The elements of the array that a text begins with, whatever is behind it; `None` when it is none.
pub fn elements(text: &str) -> Option<Vec<&str>> {
    let mut reader = Reader { text, at: 0 };
    reader.skip_space();
    let mut elements = Vec::new();
    reader.array(&mut elements).ok()?;
    Some(elements)
}

/// The whole elements of an array that the text begins with.
pub fn whole_elements(text: &str) -> Vec<&str> {
    let mut elements = Vec::new();
    let _ = Reader { text, at: 0 }.array(&mut elements);
    elements
}

/// Whether a text has this string, whole, as the value of a name or as an element of an array.
pub fn has_whole_string(text: &str, wanted: &str) -> bool {
    let quotes = text.match_indices('"').map(|(at, _)| at);
    quotes.into_iter().any(|at| {
        let mut reader = Reader { text, at };
        let is_value = text[..at].trim_end().ends_with([':', '[', ',']);
        is_value && reader.string().is_ok() && string(&text[at..reader.at]).as_deref() == Some(wanted)
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The byte that comes, if it is this one.
    fn take(&mut self, byte: u8) -> Result<(), End> {
        match self.peek() {
            Some(found) if found == byte => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(End::Broken),
            None => Err(End::Cut),
        }
    }

    fn object(&mut self, fields: &mut Vec<Field<'a>>) -> Result<(), End> {
        self.take(b'{')?;
        self.skip_space();
        if self.take(b'}').is_ok() {
            return Ok(());
        }
        loop {
            let name = self.name()?;
            let value = self.value_of_name();
            fields.push(Field { name, value, is_last: self.at == self.text.len() });
            value?;
            self.skip_space();
            if self.take(b',').is_err() {
                return self.take(b'}');
            }
            self.skip_space();
        }
    }

    fn name(&mut self) -> Result<String, End> {
        let start = self.at;
        self.string()?;
        string(&self.text[start..self.at]).ok_or(End::Broken)
    }

    fn value_of_name(&mut self) -> Result<&'a str, End> {
        self.skip_space();
        self.take(b':')?;
        self.skip_space();
        let start = self.at;
        self.value()?;
        Ok(&self.text[start..self.at])
    }

    fn array(&mut self, elements: &mut Vec<&'a str>) -> Result<(), End> {
        self.take(b'[')?;
        self.skip_space();
        if self.take(b']').is_ok() {
            return Ok(());
        }
        loop {
            let start = self.at;
            self.value()?;
            let element = &self.text[start..self.at];
            let may_be_cut = self.at == self.text.len() && !element.ends_with(['"', ']', '}']);
            if !may_be_cut {
                elements.push(element);
            }
            self.skip_space();
            if self.take(b',').is_err() {
                return self.take(b']');
            }
            self.skip_space();
        }
    }

    /// Any value, however deep it nests.
    fn value(&mut self) -> Result<(), End> {
        let mut open = Vec::new();
        loop {
            match self.peek().ok_or(End::Cut)? {
                bracket @ (b'{' | b'[') => {
                    self.at += 1;
                    self.skip_space();
                    if self.take(bracket + 2).is_err() {
                        open.push(bracket);
                        self.member_name(bracket)?;
                        continue;
                    }
                }
                b'"' => self.string()?,
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => self.number()?,
            }
            loop {
                let Some(bracket) = open.last().copied() else { return Ok(()) };
                self.skip_space();
                if self.take(b',').is_ok() {
                    self.skip_space();
                    self.member_name(bracket)?;
                    break;
                }
                self.take(bracket + 2)?;
                open.pop();
            }
        }
    }

    /// In an object, what stands before a value.
    fn member_name(&mut self, bracket: u8) -> Result<(), End> {
        if bracket == b'{' {
            self.string()?;
            self.skip_space();
            self.take(b':')?;
            self.skip_space();
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), End> {
        self.take(b'"')?;
        loop {
            match self.peek().ok_or(End::Cut)? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape()?,
                0..=31 => return Err(End::Broken),
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<(), End> {
        self.at += 1;
        let escaped = self.peek().ok_or(End::Cut)?;
        match escaped {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
            b'u' => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().ok_or(End::Cut)?.is_ascii_hexdigit() {
                        return Err(End::Broken);
                    }
                    self.at += 1;
                }
            }
            _ => return Err(End::Broken),
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), End> {
        word.bytes().try_for_each(|byte| self.take(byte))
    }

    fn number(&mut self) -> Result<(), End> {
        let _ = self.take(b'-');
        match self.peek().ok_or(End::Cut)? {
            b'0' => {
                self.at += 1;
                if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                    return Err(End::Broken);
                }
            }
            _ => self.digits()?,
        }
        if self.take(b'.').is_ok() {
            self.digits()?;
        }
        if self.take(b'e').is_ok() || self.take(b'E').is_ok() {
            let _ = self.take(b'+').or_else(|_| self.take(b'-'));
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), End> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        match self.peek() {
            _ if self.at > start => Ok(()),
            Some(_) => Err(End::Broken),
            None => Err(End::Cut),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_up_to_where_it_is_cut_or_broken() {
        for (text, names, end) in [
            (r#"{"a":[1,{"b":"x"}],"c":-1.5e+3} trailing"#, "a c", Ok(())),
            (r#" { } "#, "", Ok(())),
            (r#"{"a":"x"#, "a", Err(End::Cut)),
            (r#"{"a":[[],{"#, "a", Err(End::Cut)),
            (r#"{"a":1"#, "a", Err(End::Cut)),
            (r#"{"a":1,"b""#, "a b", Err(End::Cut)),
            (r#"{"a":1,"b"#, "a", Err(End::Cut)),
            (r#"{"a" 1}"#, "a", Err(End::Broken)),
            (r#"{"a":soon"#, "a", Err(End::Broken)),
            (r#"{"a":1,}"#, "a", Err(End::Broken)),
            (r#"{"a":01}"#, "a", Err(End::Broken)),
        ] {
            let object = Object::parse(text).expect(text);
            let found: Vec<&str> = object.fields.iter().map(|field| field.name.as_str()).collect();
            assert_eq!((found.join(" ").as_str(), object.end), (names, end), "{text}");
        }
    }

    #[test]
    fn a_string_is_unescaped() {
        assert_eq!(string(r#""a\u0041\ud83d\udd11\n\/b""#).as_deref(), Some("aA\u{1f511}\n/b"));
        assert_eq!(string(r#""\ud83d""#), None);
        assert_eq!(string("7"), None);
    }
}
