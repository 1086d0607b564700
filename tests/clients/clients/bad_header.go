package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	req, _ := http.NewRequest("GET", os.Args[1]+"/v1/me", nil)
	req.Header.Set("Authorization", "Bearer "+os.Args[2]+"\n")
	if _, err := http.DefaultClient.Do(req); err != nil {
		log.Fatal(err)
	}
}
