;; stp x29, x30, [sp, #-0x20]!
;; ldp x2, x3, [x1, #0x10]
;; ldp x29, x30, [sp], #0x20

func f0 (locals 2 i32, 3 i64, 2 i32, 6 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x108
  local.set 9
  i32.const 0
  i64.load offset=0x110
  local.set 11
  i32.const 0
  i64.load offset=0x118
  local.set 12
  i32.const 0
  i64.load offset=0x1e8
  local.set 7
  i32.const 0
  i64.load offset=0x1f0
  local.set 8
  i32.const 0
  i64.load offset=0x400
  local.set 2
  block
    local.get 0
    i32.const 4
    i32.sub
    local.tee 0
    i32.const 0
    i32.lt_s
    if
      local.get 0
      i32.const 4
      i32.add
      local.set 0
      i32.const 0
      i64.const 34379923456
      i64.store offset=0x410
      i32.const 0
      i32.const 1
      i32.store offset=0x42c
      i32.const -1
      local.set 1
      br 1
    end
    local.get 2
    i64.const -32
    i64.add
    local.set 3
    local.get 3
    local.set 4
    local.get 4
    i64.const 14
    i64.shr_u
    local.get 4
    i64.const 26
    i64.shr_u
    i64.xor
    i32.wrap_i64
    i32.const 4095
    i32.and
    i32.const 4
    i32.shl
    local.tee 5
    i64.load offset=0x20000
    local.get 4
    i64.xor
    i64.const 16368
    i64.gt_u
    if
      i32.const 1152
      local.set 6
      local.get 6
      local.get 7
      i64.store
      local.get 6
      local.get 8
      i64.store offset=0x8
      local.get 4
      i32.wrap_i64
      local.get 4
      i64.const 32
      i64.shr_u
      i32.wrap_i64
      i32.const 16
      call storeSlow
      if
        local.get 0
        i32.const 4
        i32.add
        local.set 0
        i32.const 0
        i64.const 34379923456
        i64.store offset=0x410
        i32.const 0
        i32.const 2
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 2
      end
    else
      local.get 4
      i32.wrap_i64
      local.get 5
      i32.load offset=0x20008
      i32.add
      local.set 6
      local.get 6
      local.get 7
      i64.store
      local.get 6
      local.get 8
      i64.store offset=0x8
    end
    local.get 3
    local.set 2
    local.get 9
    i64.const 16
    i64.add
    local.set 3
    local.get 3
    local.set 4
    local.get 4
    i64.const 14
    i64.shr_u
    local.get 4
    i64.const 26
    i64.shr_u
    i64.xor
    i32.wrap_i64
    i32.const 4095
    i32.and
    i32.const 4
    i32.shl
    local.tee 5
    i64.load offset=0x10000
    local.get 4
    i64.xor
    i64.const 16368
    i64.gt_u
    if
      local.get 4
      i32.wrap_i64
      local.get 4
      i64.const 32
      i64.shr_u
      i32.wrap_i64
      i32.const 16
      call loadSlow
      local.tee 6
      i32.const -1
      i32.eq
      if
        local.get 0
        i32.const 3
        i32.add
        local.set 0
        i32.const 0
        i64.const 34379923460
        i64.store offset=0x410
        i32.const 0
        i32.const 2
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 2
      end
    else
      local.get 4
      i32.wrap_i64
      local.get 5
      i32.load offset=0x10008
      i32.add
      local.set 6
    end
    local.get 6
    i64.load
    local.set 4
    local.get 6
    i64.load offset=0x8
    local.set 10
    local.get 4
    local.set 11
    local.get 10
    local.set 12
    local.get 2
    local.set 3
    local.get 3
    local.set 10
    local.get 10
    i64.const 14
    i64.shr_u
    local.get 10
    i64.const 26
    i64.shr_u
    i64.xor
    i32.wrap_i64
    i32.const 4095
    i32.and
    i32.const 4
    i32.shl
    local.tee 5
    i64.load offset=0x10000
    local.get 10
    i64.xor
    i64.const 16368
    i64.gt_u
    if
      local.get 10
      i32.wrap_i64
      local.get 10
      i64.const 32
      i64.shr_u
      i32.wrap_i64
      i32.const 16
      call loadSlow
      local.tee 6
      i32.const -1
      i32.eq
      if
        local.get 0
        i32.const 2
        i32.add
        local.set 0
        i32.const 0
        i64.const 34379923464
        i64.store offset=0x410
        i32.const 0
        i32.const 2
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 2
      end
    else
      local.get 10
      i32.wrap_i64
      local.get 5
      i32.load offset=0x10008
      i32.add
      local.set 6
    end
    local.get 6
    i64.load
    local.set 10
    local.get 6
    i64.load offset=0x8
    local.set 4
    local.get 3
    i64.const 32
    i64.add
    local.set 2
    local.get 10
    local.set 7
    local.get 4
    local.set 8
    i32.const 0
    i32.const -234881024
    i32.store offset=0x430
    local.get 0
    i32.const 1
    i32.add
    local.set 0
    i32.const 0
    i64.const 34379923468
    i64.store offset=0x410
    i32.const 0
    i32.const 3
    i32.store offset=0x42c
    i32.const -1
    local.set 1
    br 0
  end
  i32.const 0
  local.get 0
  i32.store offset=0x428
  i32.const 0
  local.get 11
  i64.store offset=0x110
  i32.const 0
  local.get 12
  i64.store offset=0x118
  i32.const 0
  local.get 7
  i64.store offset=0x1e8
  i32.const 0
  local.get 8
  i64.store offset=0x1f0
  i32.const 0
  local.get 2
  i64.store offset=0x400
  local.get 1
end
