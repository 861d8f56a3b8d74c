// The sample prints objects; here they are printed as JSON, and of an error what the server said.
const print = (told) => process.stdout.write(`${JSON.stringify(told)}\n`)

console.log = print
console.error = (error) => print(error.response?.data ?? { failed: error.code })
