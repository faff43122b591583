// Runs calls of the vendor's SDK: JSON lines in, JSON lines out (test/support/vendor-sdk.ts).
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pai-eas/eas-golang-sdk/eas"
)

type call struct {
	Endpoint, Service, Token, Body string
	Direct                         bool
	Retries, Times                 int
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		wanted := call{Times: 1}
		if err := json.Unmarshal(lines.Bytes(), &wanted); err != nil {
			panic(err)
		}
		client := eas.NewPredictClient(wanted.Endpoint, wanted.Service)
		client.SetToken(wanted.Token)
		client.SetRetryCount(wanted.Retries)
		if wanted.Direct {
			client.SetEndpointType(eas.EndpointTypeDirect)
		}
		if err := client.Init(); err != nil {
			panic(err)
		}
		for n := 0; n < wanted.Times; n++ {
			result := map[string]any{}
			body, err := client.StringPredict(wanted.Body)
			if failure, is := err.(*eas.PredictError); is {
				result["code"], result["message"] = failure.Code, failure.Message
			} else if err != nil {
				panic(err)
			} else {
				result["body"] = body
			}
			line, _ := json.Marshal(result)
			fmt.Println(string(line))
		}
		client.Shutdown()
	}
}
