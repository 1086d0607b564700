require "faraday"
connection = Faraday.new(ARGV[0]) { |f| f.response :raise_error }
connection.get("/v1/me", nil, "Authorization" => "Bearer #{ARGV[1]}")
