<?php

declare(strict_types=1);

namespace Redpack;

/** What goes to one endpoint. The classes of this folder are requests; a class of your own may be one. */
interface Request
{
    /** "sendredpack", "sendminiprogramhb", "sendworkwxredpack", "gethbinfo" or "queryworkwxredpack". */
    public function endpoint(): string;

    /**
     * The fields by their names on the wire; an empty value is as good as none.
     *
     * @return array<string, string|int>
     */
    public function fields(): array;

    /** The caller's own name of the payment, unique in a journal. */
    public function intent(): ?string;
}
