require "rest-client"
begin
  RestClient.get("#{ARGV[0]}/v1/me", Authorization: "Bearer #{ARGV[1]}")
rescue RestClient::Exception => error
  puts error.inspect, error.response
end
