import { Auth0Client } from '@auth0/nextjs-auth0/server'
import { NextRequest } from 'next/server.js'
import { encryptMfaToken } from '../node_modules/@auth0/nextjs-auth0/dist/utils/mfa-utils.js'
import { play } from '../story.mjs'

const { DOMAIN, CLIENT_ID, CLIENT_SECRET } = process.env
const app = 'https://app.example.com'
const secret = 'fake-secret-of-the-session-cookie'
const client = new Auth0Client({
  domain: DOMAIN, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, appBaseUrl: app, secret,
})

// What a browser asks of the application; its middleware answers. The application gives its mfa_token sealed.
async function ask(path, mfaToken, body) {
  const sealed = await encryptMfaToken(mfaToken, '', 'openid profile', undefined, secret, 300)
  const headers = { authorization: `Bearer ${sealed}`, 'content-type': 'application/json' }
  const method = body ? 'POST' : 'GET'
  const request = new NextRequest(`${app}/auth/mfa/${path}`, { method, headers, body: body && JSON.stringify(body) })
  const response = await client.middleware(request)
  const told = await response.json()
  // The tokens are in the session's cookie.
  return response.headers.has('set-cookie') ? { ...told, access_token: 'in the session' } : told
}

await play({
  list: async ({ mfa_token }) => {
    const told = await ask('authenticators', mfa_token)
    return Array.isArray(told) ? { authenticators: told } : told
  },
  associate: ({ mfa_token }) => ask('associate', mfa_token, { authenticator_types: ['otp'] }),
  confirm: ({ mfa_token, otp }) => ask('verify', mfa_token, { otp }),
  recover: ({ mfa_token, recovery_code }) => ask('verify', mfa_token, { recovery_code }),
}, () => undefined)
