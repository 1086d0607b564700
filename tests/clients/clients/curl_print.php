<?php
$curl = curl_init("$argv[1]/v1/me");
curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => ["Authorization: Bearer $argv[2]"]]);
$body = curl_exec($curl);
print_r(curl_getinfo($curl));
var_dump($body);
