//! Programs that are clients: what they are given, and what they say.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// How long a client may take for one step. Some compile first.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client that is told what to do on its standard input, a line a step, and says a line what it was told.
pub(super) struct Driver {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    complaints: Receiver<String>,
}

impl Driver {
    pub(super) fn start(command: &mut Command) -> Result<Self, String> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("it could not be started: {error}"))?;
        let (Some(input), Some(output), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err("it has no pipes".to_owned());
        };
        Ok(Self { child, input, lines: lines(output), complaints: lines(errors) })
    }

    /// The first line of JSON that it answers.
    pub(super) fn ask(&mut self, question: &Value) -> Result<Value, String> {
        writeln!(self.input, "{question}").map_err(|error| format!("it does not listen: {error}"))?;
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            if let Ok(answer @ Value::Object(_)) = serde_json::from_str(&line) {
                return Ok(answer);
            }
        }
        Err(format!("it said nothing{}", self.complaint()))
    }

    /// The end of what it complained of; drivers print no secrets.
    fn complaint(&self) -> String {
        thread::sleep(Duration::from_millis(200));
        let complaints: Vec<String> = self.complaints.try_iter().collect();
        let told = complaints.iter().filter(|line| !line.trim().is_empty()).map(|line| format!("; {line}"));
        told.take(6).collect()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a client that does one thing: the last JSON object that it prints, or what it complained of.
pub(super) fn run_once(command: &mut Command) -> Result<Value, String> {
    let mut driver = Driver::start(command.stdin(Stdio::null()))?;
    let mut answer = None;
    while let Ok(line) = driver.lines.recv_timeout(PATIENCE) {
        if let Ok(told @ Value::Object(_)) = serde_json::from_str(&line) {
            answer = Some(told);
        }
    }
    let _ = driver.child.kill();
    answer.ok_or_else(|| format!("it said nothing{}", driver.complaint()))
}

/// The lines of a pipe, as they come; none any more once it is closed.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
