"""The websocket at /api/live: who may connect, and one connection's two tasks, which share a session."""

import asyncio
import logging
from contextlib import suppress
from math import inf
from time import thread_time

from starlette.websockets import WebSocket, WebSocketDisconnect

from app import errors, queries
from app.errors import Refused
from app.live import frames, messages
from app.live.admission import admit
from app.live.frames import Frame, Kind
from app.live.inbox import Arrival, Inbox
from app.live.messages import Ack, Ahead, Change, Error, Inspect, Ready, Seek, Speed, Start, State
from app.live.opening import open_run
from app.live.pace import Pace
from app.live.session import Session
from app.live.spare import Load, Spare
from app.settings import Settings
from app.texts import problem
from app.work import Workers
from engine import Problem, SpecError

FORMAT = queries.one_of("format", ("binary", "json"), "format", "How steps are sent.")
MOST_GARBAGE = 30  # messages in a row that are none
QUICK_CHARACTERS = 20_000  # in a message that is parsed right away
ROWS_AT_ONCE = 64  # as JSON, before others have their turn
STATES_APART = 0.1  # seconds, while commands come faster than they are done
AHEAD = 1.0  # seconds of computing that a jump is worth which may never come
SILENT = 0.5  # seconds, after which a viewer is told how far a long way has come
CLOSING = 1.0  # seconds for saying why
TOO_BIG, POLICY, BROKEN = 1009, 1008, 1011

logger = logging.getLogger("beanbowl")


class Over(Exception):
    """The server ends the connection."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)


class Live:
    """All live sessions of one application."""

    def __init__(self, settings: Settings, *others: Workers) -> None:
        """others: who else computes in this server."""
        self.settings = settings
        # One computation at a time for each session, so nobody is ever sent away here.
        self.workers = Workers("live", settings.threads, settings.max_sessions)
        self.sessions = 0
        self.load = Load(lambda: self.sessions, (self.workers, *others))

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one connection to its end, or refuse it."""
        try:
            options = queries.read(websocket, FORMAT, queries.LANG)
            admit(websocket, self.sessions, self.settings)
        except SpecError as error:
            return await _deny(websocket, Refused(422, *error.problems))
        except Refused as refused:
            return await _deny(websocket, refused)
        self.sessions += 1
        try:
            await websocket.accept()
            await Connection(self, websocket, as_json=options["format"] == "json").serve()
        finally:
            self.sessions -= 1
        return None

    def close(self) -> None:
        """Begin nothing more."""
        self.workers.close()


class Connection:
    """One accepted connection: a task that listens and one that drives the session, the only one that sends."""

    def __init__(self, live: Live, websocket: WebSocket, *, as_json: bool) -> None:
        settings = live.settings
        self._settings = settings
        self._workers = live.workers
        self._websocket = websocket
        self._as_json = as_json
        self._language = errors.language_of(websocket)
        self._inbox = Inbox()
        self._session = Session(settings.frames_per_second, settings.ack_timeout, gated=not as_json)
        self._spare = Spare(live.load)
        self._pace = self._unseen_pace = Pace()
        self._garbage = 0
        self._advancing = False  # in a thread, while nobody else may touch the session
        self._ahead = 0.0  # seconds for which it may still look ahead
        self._told = -inf
        self._heard = -inf  # when the viewer was last told anything, or asked for anything

    async def serve(self) -> None:
        """Until either side is done; whatever happens, no task is left behind."""
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._drive())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()
        except WebSocketDisconnect:
            pass
        except Over as over:
            await self._close(over)
        except Exception:
            logger.exception("a live session broke")
            await self._close(Over(BROKEN, "something went wrong in the server"))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _close(self, over: Over) -> None:
        # A client that does not read would not let us say goodbye either.
        with suppress(TimeoutError, WebSocketDisconnect):
            async with asyncio.timeout(CLOSING):
                await self._websocket.close(over.code, over.reason)

    async def _listen(self) -> None:
        while (message := await self._websocket.receive())["type"] != "websocket.disconnect":
            arrival = await self._parsed(message.get("text"))
            if isinstance(arrival, Ack) and not self._advancing:
                self._acknowledge(arrival)
            else:
                await self._inbox.put(arrival)

    def _acknowledge(self, ack: Ack) -> None:
        # One comes with every frame: the other task is left asleep unless this is what it waits for.
        held = self._session.held
        self._session.receive(ack, 0.0)
        self._garbage = 0
        if held:
            self._inbox.nudge()

    async def _parsed(self, text: str | None) -> Arrival:
        if text is None:
            return (problem("", "expected-text"),)
        if len(text.encode()) > self._settings.max_message_bytes:
            raise Over(TOO_BIG, f"expected at most {self._settings.max_message_bytes} bytes")
        try:
            if len(text) <= QUICK_CHARACTERS:
                return messages.parse(text)
            return await self._workers.run(messages.parse, text)
        except SpecError as error:
            return error.problems

    async def _drive(self) -> None:
        session, inbox = self._session, self._inbox
        clock = asyncio.get_running_loop().time
        while True:
            arrival = inbox.take(lambda each: isinstance(each, tuple) or session.accepts(each))
            if arrival is not None:
                await self._handle(arrival, clock())
                await asyncio.sleep(0)
                if self._superseded(arrival):
                    continue
            now = clock()
            if session.stalled(now):
                raise Over(POLICY, f"expected an ack within {self._settings.ack_timeout:g} s")
            if session.wake <= now:
                await self._advance(now)
            elif self._spare_due <= now and self._spare.given(now):
                self._spare.took(await self._look_ahead(now))
            await self._tell_progress(now)
            if session.owes_state and not session.on_the_way and self._state_is_due(now):
                await self._send_state()
                self._told = now
            if arrival is None:
                await inbox.wait(min(session.wake, self._spare_due))

    async def _handle(self, arrival: Arrival, now: float) -> None:
        if isinstance(arrival, tuple):
            return await self._complain(arrival)
        self._garbage = 0
        self._heard = now
        try:
            if isinstance(arrival, Start):
                await self._start(arrival)
            elif isinstance(arrival, Inspect):
                await self._tell(arrival)
            else:
                self._session.receive(arrival, now)
            if isinstance(arrival, Ahead):
                self._ahead = AHEAD
        except SpecError as error:
            await self._send(Error(error.problems).to_json(self._language))
        except Refused as refused:
            await self._send(Error(refused.problems, refused.status).to_json(self._language))
        return None

    async def _complain(self, problems: tuple[Problem, ...]) -> None:
        await self._send(Error(problems).to_json(self._language))
        self._garbage += 1
        if self._garbage >= MOST_GARBAGE:
            raise Over(POLICY, f"{MOST_GARBAGE} messages in a row that make no sense")

    async def _start(self, start: Start) -> None:
        def open_it() -> tuple[Ready, bytes]:
            ready = open_run(start, self._session.steps_per_second, self._settings)
            return ready, ready.to_json(self._language)

        ready, text = await self._workers.run(open_it)
        await self._send(text)
        self._pace, self._unseen_pace = Pace(), Pace()
        self._spare.restart()
        self._session.begin(ready.run, ready.step)

    async def _tell(self, inspect: Inspect) -> None:
        """Look inside an update, unless another one is asked for already."""
        if not self._superseded(inspect):
            await self._send(await self._workers.run(lambda: self._session.inspect(inspect.step).to_json()))

    def _superseded(self, arrival: Arrival) -> bool:
        """Whether the next command makes it needless to show what this one did: a slider that is being dragged."""
        return isinstance(arrival, Seek | Change | Speed | Inspect) and type(self._inbox.first) is type(arrival)

    def _state_is_due(self, now: float) -> bool:
        """At once if nothing else is to be done first, and now and then if there always is."""
        return self._inbox.first is None or now >= self._told + STATES_APART

    @property
    def _spare_due(self) -> float:
        """When to see whether there is time for rows that nobody has asked for."""
        return self._spare.due(self._heard) if self._session.could_look_ahead else inf

    async def _look_ahead(self, now: float) -> float:
        """For as long as one frame may take; the seconds that it took."""
        self._session.looks_ahead, self._ahead = True, 0.0
        return await self._advance(now)

    async def _advance(self, now: float) -> float:
        """Do what is due; the seconds of computing."""
        session = self._session
        pace = self._unseen_pace if session.out_of_sight(now) else self._pace

        def advance() -> tuple[list[Frame], float]:
            # Time of this thread alone: waiting for others says nothing of what rows cost.
            began = thread_time()
            return session.advance(now, pace.rows), thread_time() - began

        planned = session.planned(now, pace.rows)
        quick = planned is not None and pace.quick(planned)
        if quick:
            due, seconds = advance()
        else:
            self._advancing = True
            due, seconds = await self._workers.run(advance)
            self._advancing = False
        if session.computed:
            pace.took(session.computed, seconds)
        if session.looks_ahead and not due:
            self._ahead -= seconds
            session.looks_ahead = self._ahead > 0
        for frame in due:
            await self._send_frame(frame)
        return seconds

    async def _tell_progress(self, now: float) -> None:
        progress = self._session.progress
        if progress is not None and now >= self._heard + SILENT:
            self._heard = now
            await self._send(progress.to_json())

    async def _send_state(self) -> None:
        session = self._session
        state: State = session.state() if session.state_is_quick else await self._workers.run(session.state)
        await self._send(state.to_json(self._language))

    async def _send_frame(self, frame: Frame) -> None:
        if not self._as_json:
            await self._send(frames.encode(frame), binary=True)
        elif frame.kind is Kind.STEPS:
            for index, row in enumerate(messages.rows_to_json(frame.rows), 1):
                await self._send(row)
                if index % ROWS_AT_ONCE == 0:
                    await asyncio.sleep(0)

    async def _send(self, data: bytes, *, binary: bool = False) -> None:
        try:
            async with asyncio.timeout(self._settings.ack_timeout):
                await (self._websocket.send_bytes(data) if binary else self._websocket.send_text(data.decode()))
        except TimeoutError:
            raise Over(POLICY, f"expected a read within {self._settings.ack_timeout:g} s") from None


async def _deny(websocket: WebSocket, refused: Refused) -> None:
    """Answer the handshake with a problem, as REST would."""
    await websocket.send_denial_response(errors.respond(websocket, refused))
