//! The server that all clients call.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::{Failure, Setting};
use crate::bench::figures::numbers;

/// A server that runs until this is dropped.
pub(super) struct Server {
    process: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    root: PathBuf,
    plain_port: u16,
    tls_port: u16,
}

/// What a server saw since it was asked last.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) connections: usize,
    pub(super) resumed: usize,
    pub(super) requests: usize,
}

impl Server {
    /// Starts the program; it writes the root to be trusted into the folder.
    pub(super) fn start(program: &Path, folder: &Path) -> Result<Self, Failure> {
        let root = folder.join("root.pem");
        let mut command = Command::new(program);
        command.arg(&root).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().map_err(|error| format!("no server: {error}"))?;
        let (Some(commands), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the server has no pipes".to_owned());
        };
        let answers = BufReader::new(answers);
        let mut server = Self { process, commands, answers, root, plain_port: 0, tls_port: 0 };
        [server.plain_port, server.tls_port] = numbers(&server.answer()?)?;
        Ok(server)
    }

    /// What a client is told of where to call and how.
    pub(super) fn arguments(&self, setting: &Setting) -> [String; 3] {
        // A name, not an address: looking it up is a part of what opening a connection costs.
        let origin = if setting.is_tls {
            format!("https://localhost:{}", self.tls_port)
        } else {
            format!("http://localhost:{}", self.plain_port)
        };
        let connection = if setting.is_fresh { "fresh" } else { "pooled" };
        [origin, self.root.display().to_string(), connection.to_owned()]
    }

    /// From now on no request is answered before there are so many.
    pub(super) fn hold(&mut self, requests: usize) -> Result<(), Failure> {
        self.ask(&format!("hold {requests}")).map(drop)
    }

    pub(super) fn seen(&mut self) -> Result<Seen, Failure> {
        let [connections, resumed, requests] = numbers(&self.ask("seen")?)?;
        Ok(Seen { connections, resumed, requests })
    }

    fn ask(&mut self, command: &str) -> Result<String, Failure> {
        writeln!(self.commands, "{command}").map_err(|error| format!("the server is gone: {error}"))?;
        self.answer()
    }

    fn answer(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        match self.answers.read_line(&mut line) {
            Ok(0) => Err("the server ended".to_owned()),
            Ok(_) => Ok(line),
            Err(error) => Err(format!("the server does not answer: {error}")),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It holds nothing that would have to be saved, and may be gone.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
