<?php
$context = stream_context_create(["http" => ["header" => "Authorization: Bearer $argv[2]"]]);
file_get_contents("$argv[1]/v1/me", false, $context);
