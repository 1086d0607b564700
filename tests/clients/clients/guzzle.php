<?php
require "GuzzleHttp/autoload.php";
(new GuzzleHttp\Client())->get("$argv[1]/v1/me", ["headers" => ["Authorization" => "Bearer $argv[2]"]]);
