import asyncio
import sys
import aiohttp


async def main():
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        async with session.get(f"{sys.argv[1]}/v1/me", headers={"Authorization": f"Bearer {sys.argv[2]}"}) as r:
            print(await r.text())


asyncio.run(main())
