<?php

declare(strict_types=1);

namespace Redpack;

/** How a request is signed. Red packets are known to take MD5 only. */
enum SignType: string
{
    case Md5 = 'MD5';
    case HmacSha256 = 'HMAC-SHA256';
}
