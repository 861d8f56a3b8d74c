// A line of standard input is a step to take, a line of output is what the client was told.
import { createInterface } from 'node:readline'

export async function play(steps, errorOf) {
  for await (const line of createInterface({ input: process.stdin })) {
    const question = JSON.parse(line)
    const step = steps[question.step]
    const told = step ? await step(question).catch((error) => unlike(error, errorOf(error))) : { no_such_call: true }
    console.log(JSON.stringify(told))
  }
}

// What the server said, or, where it said nothing, what the client says of itself.
const unlike = (error, code) => (code ? { error: code } : { error: error.name, message: error.message })
