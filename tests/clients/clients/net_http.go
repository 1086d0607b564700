package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	req, _ := http.NewRequest("GET", os.Args[1]+"/v1/me", nil)
	req.Header.Set("Authorization", "Bearer "+os.Args[2])
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	log.Printf("unexpected status %s from %s %s", res.Status, req.Method, req.URL)
	fmt.Printf("%+v\n%s\n", res.Header, body)
}
