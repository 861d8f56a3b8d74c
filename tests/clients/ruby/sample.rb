require 'uri'
require 'net/http'
require 'openssl'

url = URI("https://#{ENV['DOMAIN']}/oauth/token")
http = Net::HTTP.new(url.host, url.port)
http.use_ssl = true
http.verify_mode = OpenSSL::SSL::VERIFY_NONE

request = Net::HTTP::Post.new(url)
request['content-type'] = 'application/x-www-form-urlencoded'
request.body = 'grant_type=http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-recovery-code' \
  "&client_id=#{ENV['CLIENT_ID']}&client_secret=#{ENV['CLIENT_SECRET']}" \
  "&mfa_token=#{ENV['MFA_TOKEN']}&recovery_code=#{ENV['RECOVERY_CODE']}"
puts http.request(request).read_body
