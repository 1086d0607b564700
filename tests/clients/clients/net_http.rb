require "net/http"
uri = URI("#{ARGV[0]}/v1/me")
http = Net::HTTP.new(uri.host, uri.port)
http.set_debug_output($stderr)
http.request(Net::HTTP::Get.new(uri, "Authorization" => "Bearer #{ARGV[1]}")).value
