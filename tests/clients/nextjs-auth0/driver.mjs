import { Auth0Client } from '@auth0/nextjs-auth0/server'
import { NextRequest } from 'next/server.js'
import { generateSessionCookie } from '@auth0/nextjs-auth0/testing'
import { decryptMfaToken, encryptMfaToken } from '../node_modules/@auth0/nextjs-auth0/dist/utils/mfa-utils.js'
import { play } from '../story.mjs'

const { DOMAIN, CLIENT_ID, CLIENT_SECRET } = process.env
const app = 'https://app.example.com'
const secret = 'fake-secret-of-the-session-cookie'
// Only what is for development may have a port.
const client = new Auth0Client({
  domain: `https://${DOMAIN}`, allowInsecureRequests: true, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, appBaseUrl: app, secret,
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

// A session whose access token has expired.
async function refresh({ access_token: accessToken, id_token: idToken, refresh_token: refreshToken }) {
  const session = {
    user: { sub: 'fake' },
    tokenSet: { accessToken, idToken, refreshToken, expiresAt: 1, scope: 'openid profile email offline_access' },
    internal: { sid: 'fake', createdAt: Math.floor(Date.now() / 1000) },
  }
  const headers = { cookie: `__session=${await generateSessionCookie(session, { secret })}` }
  const told = await (await client.middleware(new NextRequest(`${app}/auth/access-token`, { headers }))).json()
  const sealed = told.mfa_token ?? told.error?.mfa_token
  return sealed ? { mfa_token: (await decryptMfaToken(sealed, secret)).mfaToken } : { error: JSON.stringify(told) }
}

await play({
  mfa_required: ({ session }) => refresh(session),
  list: async ({ mfa_token }) => {
    const told = await ask('authenticators', mfa_token)
    return Array.isArray(told) ? { authenticators: told } : told
  },
  associate: ({ mfa_token }) => ask('associate', mfa_token, { authenticator_types: ['otp'] }),
  confirm: ({ mfa_token, otp }) => ask('verify', mfa_token, { otp }),
  recover: ({ mfa_token, recovery_code }) => ask('verify', mfa_token, { recovery_code }),
}, () => undefined)
