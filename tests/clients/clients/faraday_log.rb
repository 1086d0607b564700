require "faraday"
connection = Faraday.new(ARGV[0]) { |f| f.response :logger, nil, headers: true, bodies: true }
connection.get("/v1/me", nil, "Authorization" => "Bearer #{ARGV[1]}")
