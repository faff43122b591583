"""The same echo on FastAPI: what a user would write without a processor host."""
from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.post("/api/predict/echo")
async def echo(request: Request) -> Response:
    return Response(await request.body(), media_type="text/html; charset=utf-8")
