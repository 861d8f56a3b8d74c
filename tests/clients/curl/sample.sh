# Each value as it is, as the page prints it. The arguments come from stdin: a list of processes shows the others.
curl --silent --show-error --config - <<END
request = POST
url = "https://$DOMAIN/oauth/token"
header = "content-type: application/x-www-form-urlencoded"
data = "grant_type=http://auth0.com/oauth/grant-type/mfa-recovery-code"
data = "client_id=$CLIENT_ID"
data = "client_secret=$CLIENT_SECRET"
data = "mfa_token=$MFA_TOKEN"
data = "recovery_code=$RECOVERY_CODE"
END
