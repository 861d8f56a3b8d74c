//! A browser without a window: a cookie jar and HTTP/1.1 by hand.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A clone is another tab with the same cookies.
#[derive(Clone)]
pub(crate) struct Browser {
    address: SocketAddr,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) fetch_site: &'static str,
    /// Every answer so far.
    pub(crate) seen: Vec<Page>,
}

#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    /// Status line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, cookies: BTreeMap::new(), fetch_site: "none", seen: Vec::new() }
    }

    /// Opens an address, and where it leads.
    pub(crate) fn open(&mut self, path: &str) -> Page {
        let page = self.get(path);
        self.follow(page)
    }

    /// The first page that is not "being sent". The task needs a thread, so it may be asked for a few times.
    pub(crate) fn open_once_answered(&mut self) -> Page {
        let mut pages = (0..10_000).map(|_| self.open("/"));
        pages.find(|page| !page.has("sending")).expect("an answer")
    }

    /// Sends a form of this page, and opens where it leads.
    pub(crate) fn submit(&mut self, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.post(page, path, fields);
        self.follow(page)
    }

    pub(crate) fn get(&mut self, path: &str) -> Page {
        self.exchange(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    pub(crate) fn post(&mut self, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
        self.exchange(&format!("POST {path} HTTP/1.1\r\n"), &form(page, fields))
    }

    /// Sends a form, and gives the connection: drop it to close the tab.
    pub(crate) fn begin_post(&self, page: &Page, path: &str, fields: &[(&str, &str)]) -> TcpStream {
        self.send(&format!("POST {path} HTTP/1.1\r\n"), &form(page, fields))
    }

    /// Reads the answer to a form that was begun.
    pub(crate) fn end(&mut self, mut connection: TcpStream) -> Page {
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head[9..12].parse().unwrap();
        let page = Page { status, head: head.to_owned(), body: body.to_owned() };
        if let Some(cookie) = page.header("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        self.seen.push(page.clone());
        page
    }

    fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..5 {
            if page.status != 303 {
                return page;
            }
            page = self.get(&page.header("location").unwrap());
        }
        panic!("it leads round and round");
    }

    fn exchange(&mut self, request_line: &str, body: &str) -> Page {
        let connection = self.send(request_line, body);
        self.end(connection)
    }

    fn send(&self, request_line: &str, body: &str) -> TcpStream {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{request_line}host: {}\r\nconnection: close\r\ncookie: {}\r\nsec-fetch-site: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            cookies.join("; "),
            self.fetch_site,
            body.len(),
        );
        let mut connection = TcpStream::connect(self.address).unwrap();
        // The patience is for a test that fails.
        connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        connection.write_all(request.as_bytes()).unwrap();
        connection
    }
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.body.contains(&format!("id=\"{id}\""))
    }

    /// The text of the element with this id, up to its first inner element.
    pub(crate) fn text(&self, id: &str) -> &str {
        let (_, rest) =
            self.body.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{id}: {self:?}"));
        rest.split_once('>').unwrap().1.split('<').next().unwrap()
    }

    pub(crate) fn title(&self) -> &str {
        self.text("title")
    }

    /// The first value of an attribute or of a hidden field.
    pub(crate) fn value(&self, before: &str) -> Option<&str> {
        self.body.split_once(&format!("{before}=\""))?.1.split('"').next()
    }

    pub(crate) fn code_state(&self) -> Option<&str> {
        self.value("data-code-state")
    }

    pub(crate) fn next_step(&self) -> Option<&str> {
        self.value("data-next-step")
    }

    fn csrf(&self) -> &str {
        self.value("name=\"csrf\" value").unwrap_or_default()
    }
}

fn form(page: &Page, fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("&{name}={}", encoded(value)));
    format!("csrf={}{}", page.csrf(), pairs.collect::<String>())
}

fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
