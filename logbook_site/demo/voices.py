"""What parties say in the demo. All of it is invented; nobody of these people exists."""

from typing import NamedTuple

from feedback.choices import ActedAs


class Voice(NamedTuple):
    """One piece of feedback before dice are thrown. `mood` is the rating that most questions get."""

    mood: int
    helpful: str = ""
    better: str = ""
    quote: str = ""
    language: str = "en"
    shared: bool = True
    acted_as: ActedAs = ActedAs.MEDIATOR
    invited: bool = True
    name: str = ""  # what the respondent told about themselves


AMINA = [
    Voice(
        5,
        "She let each of us finish. After the first hour I understood for the first time why my neighbour was angry.",
        "Nothing that I can think of. Perhaps a longer break at noon.",
        "Amina listens until you have said it all, and then she asks the one question that helps.",
        name="Grace Wanjiru",
    ),
    Voice(
        5,
        "The talk on the telephone before the meeting. I came without fear.",
        quote="Calm, fair and very well prepared.",
    ),
    Voice(
        4,
        "She wrote the points on the wall, and we could see that there were only three.",
        "The room was too small for nine people.",
    ),
    Voice(
        5,
        "Elle a parlé avec chacun de nous seul avant de commencer. Je me suis senti respecté.",
        "Un peu plus de temps pour relire l’accord.",
        "Une médiatrice attentive, qui ne prend parti pour personne.",
        language="fr",
        name="Étienne Marchand",
    ),
    Voice(4, "Clear rules at the beginning.", "We started forty minutes late.", "I would come back to her."),
    Voice(
        3,
        "She was friendly to everyone.",
        "I had the feeling that the other lawyer spoke for most of the day. I would have liked her to stop him.",
    ),
    Voice(
        5,
        "She noticed that I did not follow the words of the contract, and explained them without making me feel "
        "stupid.",
        quote="She explains hard things in easy words.",
    ),
    Voice(4),
    Voice(5, quote="We had not spoken for two years. Now we work in the same yard again."),
    Voice(
        2,
        "The tea.",
        "I came to hear that they are sorry. They did not say it, and nobody asked them. "
        "We talked about money all day.",
    ),
    Voice(
        4,
        "Que pudiera hablar en mi idioma en los descansos, y que ella esperara a la intérprete.",
        "La conexión se cortó tres veces.",
        language="es",
    ),
    Voice(
        5,
        "She asked what would happen if we did not agree. I had never thought about it that way.",
        "I would have liked a copy of the notes from the wall.",
        "Honest, patient, and quick when it counts.",
        name="Peter Ochieng",
    ),
    Voice(
        3,
        better="The mediation in Mombasa began two hours late, and nobody told us why. We had come a long way.",
        invited=False,
        name="J. Mwangi",
    ),
    Voice(5, "Asante sana. We were heard, all four of us."),
    Voice(4, "Short meetings, one topic each.", "More of them in the morning, please."),
    Voice(
        4,
        "She stopped us when we shouted, and nobody lost face.",
        quote="Firm and kind at the same time.",
        name="Lucy Achieng",
    ),
    Voice(5),
    Voice(
        3,
        "She knows a lot about building.",
        "Because she knows so much, she told us too early what the repair would cost.",
        "Good with technical matters.",
    ),
    Voice(
        4,
        "That I could sit in a separate room at first.",
        "I still do not know whether the other side will keep to it.",
    ),
    # Only the Reviewer reads these.
    Voice(
        2,
        "It was over in one day.",
        "I signed because I was tired. At six in the evening I would have signed anything.",
        shared=False,
        name="Samuel Kiprono",
    ),
    Voice(5, "She treated my mother with great respect.", quote="Thank you.", shared=False),
    Voice(4, shared=False),
    Voice(
        3,
        "The first hour.",
        "She and the other lawyer seemed to know each other well. Please say such things at the beginning.",
        shared=False,
    ),
    Voice(4, "Good preparation.", "The documents came only the evening before.", shared=False),
    Voice(
        5,
        "I was afraid of my former manager, and she saw it. We never had to be alone in one room.",
        shared=False,
    ),
    Voice(1, better="A waste of a day. The other side never wanted to agree.", shared=False, invited=False),
    Voice(4, "Elle a trouvé des idées que nous n’avions pas.", language="fr", shared=False),
    Voice(3, shared=False),
    Voice(4, "Patience.", "A warmer room.", shared=False, name="Ruth Njeri"),
    Voice(5, quote="The best money we spent in this whole affair.", shared=False),
    Voice(
        4,
        "She had the figures ready, and she did not attack us.",
        "She could let her client speak a little more.",
        "An advocate who looks for a solution.",
        acted_as=ActedAs.ADVOCATE,
    ),
    Voice(5, "As the mediator of that day: she made my work easy.", acted_as=ActedAs.ADVOCATE),
    Voice(
        3,
        "Well prepared.",
        "The offers came late in the day, when one party had already packed.",
        acted_as=ActedAs.ADVOCATE,
    ),
    Voice(4, better="She interrupted twice.", shared=False, acted_as=ActedAs.ADVOCATE),
]

BEN = [
    Voice(
        5,
        "He walked over the farm with us before we sat down. Then he knew what we were talking about.",
        quote="Ben has time. That is rare.",
        name="Hemi Walker",
    ),
    Voice(
        4, "My brother and I could both say how it was for us.", "A summary in writing after each meeting."
    ),
    Voice(4),
    Voice(3, "He is patient.", "Sometimes too patient: we went round the same point three times."),
    Voice(5, "The children were not talked about as if they were things.", quote="Gentle and clear."),
    Voice(2, "", "I did not feel that he understood why I want to keep the house.", shared=False),
    Voice(4, "He called me on the day after.", shared=False, name="Aroha Bennett"),
    Voice(4, shared=False),
    Voice(3, better="Too many people in the room.", shared=False, invited=False, name="T. Sinclair"),
]
